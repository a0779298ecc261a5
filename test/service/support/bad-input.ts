import { expect, test } from 'vitest'
import type { Answer } from './answer.ts'
import type { Service } from './service.ts'
import type { Ask } from './wire.ts'

/** Bytes to send, or how to come by them where something must be there first. */
export type Asking = Ask | ((service: Service) => Ask | Promise<Ask>)

/** One line of the catalogue of bad input (or its neighbour) and the answer that it gets. */
export type BadInput = {
  /** The catalogue's line. */
  line: number
  /** What is sent. */
  what: string
  asking: Asking
  status: number
  /** Looks at the answer beyond its status, code and media type. */
  check: (answer: Answer, service: Service) => unknown
}

/** A line that is refused with this status and code, as a problem document (RFC 9457). */
export function refused(
  line: number,
  what: string,
  asking: Asking,
  status: number,
  code: string,
  also: BadInput['check'] = () => {},
): BadInput {
  const check = (answer: Answer, service: Service) => {
    expectProblem(answer, code)
    return also(answer, service)
  }
  return { line, what, asking, status, check }
}

/** A line that looks bad and is taken, as a 201; `content` is what reading gives back. */
export function accepted(
  line: number,
  what: string,
  asking: Asking,
  content: string | Buffer = 'some text',
  also: BadInput['check'] = () => {},
): BadInput {
  const check = async (answer: Answer, service: Service) => {
    const read = await service.request(`GET /raw/${answer.headers.location?.split('/').at(-1)}`)
    expect(Buffer.compare(read.body, Buffer.from(content)), 'it reads back byte for byte').toBe(0)
    return also(answer, service)
  }
  return { line, what, asking, status: 201, check }
}

/** Registers one test for each line. */
export function badInput(service: Service, lines: BadInput[]): void {
  test.for(lines)('line $line: $what → $status', async ({ asking, status, check }) => {
    const answer = await service.ask(typeof asking === 'function' ? await asking(service) : asking)
    expect(answer.status, answer.text()).toBe(status)
    await check(answer, service)
  })
}

/** Fails unless the answer is a problem document with this code and every member that the design promises. */
export function expectProblem(answer: Answer, code: string): void {
  expect(answer.headers['content-type']).toBe('application/problem+json')
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.json()).toMatchObject({
    type: 'about:blank',
    title: expect.stringMatching(/^\S/),
    status: answer.status,
    code,
    detail: expect.stringMatching(/^\S/),
    requestId: expect.stringMatching(/^[\w.-]{8,64}$/),
  })
}
