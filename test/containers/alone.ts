import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { post, readBack, type Sent } from './client.ts'
import type { Run } from './command.ts'
import type { Engine } from './engine.ts'
import { createContainers, lastWords } from './stack.ts'
import type { Steps } from './steps.ts'

const NAME = 'paste-alone'
const VOLUME = 'paste-alone-data'
const CONFINED = ['--read-only', '--tmpfs=/tmp', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--memory=768m']

/** Checks an image of the service by itself, everything embedded, confined as far as Docker can. */
export async function checkAlone(steps: Steps, run: Run, engine: Engine, image: string, port: number): Promise<void> {
  const origin = `http://127.0.0.1:${port}`
  const at = (signal: AbortSignal) => createContainers(run, engine, signal)
  const start = async (signal: AbortSignal) => {
    const { docker, healthy } = at(signal)
    await docker('run', '-d', '--name', NAME, ...CONFINED, '-v', `${VOLUME}:/data`, '-p', `${port}:3000`, image)
    await healthy(NAME).catch(async (error) => {
      process.stdout.write(`--- ${NAME}\n${await lastWords(run, engine, NAME)}\n`)
      throw error
    })
  }
  let sent: Sent | undefined

  await steps.check('the image holds no development package and no root-owned data folder', 20_000, async (signal) => {
    const script = 'ls node_modules | grep -cxE "vitest|typescript|node" ; stat -c %u /data; ls'
    const [tools, owner, ...files] = (
      await at(signal).docker('run', '--rm', '--entrypoint=sh', image, '-c', script)
    ).split('\n')
    assert.equal(tools, '0')
    assert.equal(owner, '1000')
    return files.join(' ')
  })
  await steps.check('one confined container serves with everything embedded', 60_000, async (signal) => {
    await start(signal)
    sent = await post(origin, Uint8Array.from(randomBytes(100 * 1024)), signal)
    await readBack(origin, sent, signal)
  })
  await steps.check('docker stop ends it with 0 within 30 s', 60_000, async (signal) => {
    const { exitCode, tookMs } = await at(signal).stop(NAME)
    assert.equal(exitCode, 0)
    assert.ok(tookMs < 30_000, `it took ${tookMs} ms`)
    return `${Math.round(tookMs)} ms`
  })
  await steps.check('another container on its volume has its pastes', 60_000, async (signal) => {
    await at(signal).docker('rm', NAME)
    await start(signal)
    assert.ok(sent, 'nothing was stored')
    await readBack(origin, sent, signal)
  })
  await at(AbortSignal.timeout(60_000)).docker('rm', '-f', NAME).catch(String)
  await at(AbortSignal.timeout(60_000)).docker('volume', 'rm', '-f', VOLUME).catch(String)
}
