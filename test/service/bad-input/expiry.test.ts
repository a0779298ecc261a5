import { expect } from 'vitest'
import { afterwards } from '../support/afterwards.ts'
import { accepted, type BadInput, badInput, refused } from '../support/bad-input.ts'
import { onEmbedded } from '../support/lanes.ts'
import { json, paste, raw, request } from '../support/message.ts'
import type { Service } from '../support/service.ts'

const DAY_MS = 86_400_000
const inSeconds = (text: string) => json(`{"content":"some text","expiresIn":${text}}`)
const at = (expiresAt: string) => paste({ expiresAt })
const invalid = (what: string, text: string) =>
  refused(83, `an expiry of ${what}`, inSeconds(text), 422, 'invalid_expiry')
const notATime = (what: string, time: string) => refused(87, `${what} as the end`, at(time), 422, 'invalid_expiry')

/** The length of life that the 201 tells, in seconds. */
const livesFor =
  (seconds: number): BadInput['check'] =>
  (answer) => {
    const { createdAt, expiresAt } = answer.json()
    // The two are told by two looks at the clock.
    expect(Math.ceil((Date.parse(expiresAt) - Date.parse(createdAt)) / 1_000)).toBe(seconds)
  }

const change = async (service: Service, body: string, isAllowed = true) => {
  const { slug, editToken } = await service.create()
  const fields = { 'Content-Type': 'application/json', Authorization: isAllowed ? `Bearer ${editToken}` : '' }
  return request(`PATCH /api/v1/pastes/${slug}`, fields, body)
}

const lines: BadInput[] = [
  invalid('0', '0'),
  invalid('-1', '-1'),
  invalid('9 s, below the least', '9'),
  invalid('10.5', '10.5'),
  invalid('"10", digits without a unit', '"10"'),
  invalid('1e99', '1e99'),
  invalid('2^53 + 1', '9007199254740993'),
  invalid('2^53 - 1', '9007199254740991'),
  invalid('true', 'true'),
  invalid('a list', '[60]'),
  invalid('an empty text', '""'),
  invalid('1y', '"1y"'),
  invalid('1D', '"1D"'),
  invalid('01d', '"01d"'),
  invalid('1 d', '"1 d"'),
  invalid('1d1h', '"1d1h"'),
  invalid('-1d', '"-1d"'),
  invalid('99999999999d', '"99999999999d"'),
  invalid('Never', '"Never"'),
  invalid('more than the longest', '"53w"'),
  refused(83, 'digits that are no number in a query', raw('x', {}, '?expiresIn=0x20'), 422, 'invalid_expiry'),
  accepted(83, 'an expiry of 1d', inSeconds('"1d"'), 'some text', livesFor(86_400)),
  accepted(
    83,
    'digits in a query, where all is text',
    raw('some text', {}, '?expiresIn=600'),
    'some text',
    livesFor(600),
  ),
  accepted(84, 'an expiry of 1e3', inSeconds('1e3'), 'some text', livesFor(1_000)),
  accepted(84, 'an expiry of 10.0', inSeconds('10.0'), 'some text', livesFor(10)),
  refused(85, 'an end in the past', at('2020-01-01T00:00:00Z'), 422, 'invalid_expiry'),
  refused(
    85,
    'an end in 5 s',
    (service) => at(new Date(service.clock.now() + 5_000).toISOString()),
    422,
    'invalid_expiry',
  ),
  accepted(85, 'an end in an hour, with an offset', (service) => {
    const local = new Date(service.clock.now() + 3_600_000 + 7_200_000).toISOString().slice(0, -1)
    return at(`${local}+02:00`)
  }),
  refused(86, '30 February', at('2026-02-30T00:00:00Z'), 422, 'invalid_expiry'),
  refused(86, '29 February of no leap year', at('2027-02-29T00:00:00Z'), 422, 'invalid_expiry'),
  notATime('a time without a zone', '2027-01-01T00:00:00'),
  notATime('24:00:00', '2027-01-01T24:00:00Z'),
  notATime('a leap second', '2027-01-01T23:59:60Z'),
  notATime('a date of single digits', '2027-1-1T00:00:00Z'),
  notATime('the year 275760', '+275760-09-13T00:00:00Z'),
  notATime('a date alone', '2027-01-01'),
  notATime('epoch milliseconds', '1800000000000'),
  notATime('a time in words', 'tomorrow'),
  notATime('a time with something behind it', '2027-01-01T00:00:00Zzz'),
  notATime('an offset of 99 hours', '2027-01-01T00:00:00+99:00'),
  refused(87, 'a number as the end', paste({ expiresAt: 1_800_000_000_000 }), 422, 'invalid_expiry'),
  refused(
    88,
    'both kinds of expiry',
    paste({ expiresIn: 60, expiresAt: '2027-01-01T00:00:00Z' }),
    422,
    'conflicting_fields',
  ),
  refused(89, 'never, where pastes must end', inSeconds('"never"'), 422, 'expiry_out_of_range'),
  accepted(90, '30 days, longer than a timer lasts', inSeconds('2592000'), 'some text', async (answer, service) => {
    service.clock.advance(1_000)
    expect((await service.request(`GET /raw/${answer.json().slug}`)).status).toBe(200)
  }),
  refused(
    92,
    'a change of expiry without token',
    (service) => change(service, '{"expiresIn":60}', false),
    401,
    'token_required',
  ),
  refused(
    92,
    'a change of expiry to the past',
    (service) => change(service, '{"expiresAt":"2020-01-01T00:00:00Z"}'),
    422,
    'invalid_expiry',
  ),
  refused(92, 'a change of nothing', (service) => change(service, '{}'), 422, 'validation_failed'),
  refused(92, 'a change of content', (service) => change(service, '{"content":"x"}'), 422, 'unknown_field'),
  refused(
    92,
    'a change of an expired paste',
    async (service) => {
      const asking = await change(service, '{"expiresIn":60}')
      service.clock.advance(60 * DAY_MS)
      return asking
    },
    410,
    'expired',
  ),
]

onEmbedded(
  'bad input: expiry',
  (service) => {
    badInput(service, lines)
    afterwards(service)
  },
  { MAX_EXPIRY: '52w' },
)
