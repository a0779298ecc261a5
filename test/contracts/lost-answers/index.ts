import { hash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { metadataEtag } from '../../../src/paste/model/index.ts'
import { createWorld, type World, type WorldDatabase } from '../../paste/world.ts'
import { patiently } from '../../patience.ts'
import { cuttable } from './cuttable.ts'
import { everyCut, type Outcome } from './every-cut.ts'

const SMALL = 700
const LARGE = 200_000
const LEASE_OVER_MS = 61_000
const sha256 = (bytes: Buffer) => hash('sha256', bytes, 'hex')

/**
 * What holds when the answers of single statements are lost while others write in the same millisecond, on every
 * engine: one winner of one If-Match, one reader of the last reading, one paste of one key, and no acknowledged write
 * that is not there.
 */
export function lostAnswerContract(name: string, open?: () => Promise<WorldDatabase>): void {
  describe(`writes whose answers are lost, on ${name}`, () => {
    let world: World
    let cutter: ReturnType<typeof cuttable>
    beforeAll(async () => {
      world = await createWorld(undefined, undefined, open)
      cutter = cuttable(world.db)
    }, patiently(60_000))
    afterAll(() => world.close())

    const rowOf = async (slug: string) => (await world.rows()).find((row) => row.slug === slug)
    const alive = async () => (await world.rows()).filter(({ state }) => state === 'live')
    const acks = <Ack>(outcomes: Record<string, Outcome<Ack>>) =>
      Object.values(outcomes).flatMap(({ ack }) => (ack === undefined ? [] : [ack]))

    type Pastes = World['pastes']
    type Change = (pastes: Pastes, slug: string, token: string, ifMatch: string, what: Buffer) => Promise<unknown>
    const put: Change = (pastes, slug, token, ifMatch, source) => pastes.replace(slug, token, { source }, { ifMatch })
    const changes: [string, number, Change, Change][] = [
      ['PUTs', SMALL, put, put],
      ['PUTs of large bodies', LARGE, put, put],
      ['PATCHes', SMALL, patch, patch],
      ['a DELETE and a PUT', SMALL, (pastes, slug, token, ifMatch) => pastes.remove(slug, token, { ifMatch }), put],
      ['a PUT and a PATCH', LARGE, put, patch],
    ]
    function patch(...[pastes, slug, token, ifMatch, what]: Parameters<Change>): Promise<unknown> {
      return pastes.update(slug, token, { title: sha256(what) }, { ifMatch })
    }
    test.each(changes)(
      'of %s with one If-Match, one wins and stays',
      async (_name, sizeBytes, first, second) => {
        await everyCut(world, cutter, async () => {
          await world.empty()
          const { paste, editToken } = await world.pastes.create({}, { source: randomBytes(SMALL) })
          const bodies = { cut: randomBytes(sizeBytes), rival: randomBytes(sizeBytes) }
          return {
            async act({ pastes }, who) {
              const act = who === 'cut' ? first : second
              await act(pastes, paste.slug, editToken, metadataEtag(paste), bodies[who])
              return sha256(bodies[who])
            },
            async check(outcomes) {
              const winners = acks(outcomes)
              expect(winners.length).toBeLessThanOrEqual(1)
              const row = await rowOf(paste.slug)
              const shown = row?.state === 'ended' ? sha256(bodies.cut) : [row?.sha256, row?.title]
              for (const winner of winners) expect(shown).toContain(winner)
            },
          }
        })
      },
      patiently(60_000),
    )

    test.each([1, 2])('%i readings are given once each', async (maxViews) => {
      await everyCut(world, cutter, async () => {
        await world.empty()
        const { paste } = await world.pastes.create({ maxViews }, { source: randomBytes(SMALL) })
        return {
          act: async ({ pastes }) => (await pastes.claim(paste.slug)).paste.slug,
          async check(outcomes) {
            const row = await rowOf(paste.slug)
            expect(acks(outcomes).length).toBeLessThanOrEqual(row?.views ?? 0)
            expect(row?.views).toBeLessThanOrEqual(maxViews)
          },
        }
      })
    })

    const creates = [SMALL, LARGE].flatMap((sizeBytes) =>
      [undefined, 'own-name'].flatMap((slug) =>
        [0, LEASE_OVER_MS].flatMap((laterMs) => [true, false].map((same) => ({ sizeBytes, slug, laterMs, same }))),
      ),
    )
    let keys = 0
    test.each(creates)(
      'one key makes one paste: $sizeBytes bytes, name $slug, $laterMs ms later, same body $same',
      async ({ sizeBytes, slug, laterMs, same }) => {
        await everyCut(world, cutter, async () => {
          await world.empty()
          const key = `key-${keys++}`
          const one = randomBytes(sizeBytes)
          const bodies = { cut: one, rival: same ? one : randomBytes(sizeBytes) }
          const options = slug === undefined ? {} : { slug }
          const send = async ({ pastes }: { pastes: Pastes }, source: Buffer) => {
            const { paste } = await pastes.create(options, { source }, key)
            return { slug: paste.slug, sha256: paste.content.sha256 }
          }
          return {
            act(replica, who) {
              if (who === 'rival') world.time.now += laterMs
              return send(replica, bodies[who])
            },
            async check(outcomes) {
              const made = acks(outcomes)
              const stored = (await alive()).map((row) => ({ slug: row.slug, sha256: row.sha256 }))
              expect(stored.length).toBeLessThanOrEqual(1)
              for (const ack of made) expect([ack]).toEqual(stored)
              if (outcomes.cut.ack) expect(outcomes.cut.ack.sha256).toBe(sha256(bodies.cut))
              if (outcomes.rival.ack) expect(outcomes.rival.ack.sha256).toBe(sha256(bodies.rival))
              world.time.now += LEASE_OVER_MS
              const kept = stored[0]?.sha256 === sha256(bodies.rival) ? bodies.rival : bodies.cut
              const again = await send(world, kept)
              if (stored[0]) expect(again).toEqual(stored[0])
              expect(await alive()).toMatchObject([again])
            },
          }
        })
      },
      patiently(60_000),
    )

    test('an upload in parts that two requests finish is the content that was sent', async () => {
      await everyCut(world, cutter, async () => {
        await world.empty()
        const content = randomBytes(LARGE)
        const { id, slug } = await world.resumable.begin({}, { lengthBytes: LARGE })
        const append = async ({ resumable }: Pick<World, 'resumable'>) => {
          const { offsetBytes } = await resumable.getProgress(id)
          const source = (async function* () {
            yield content.subarray(offsetBytes)
          })()
          const { created } = await resumable.append(id, offsetBytes, { declaredBytes: undefined, source })
          return created?.content.sha256
        }
        return {
          act: append,
          async check(outcomes) {
            for (const made of acks(outcomes)) if (made) expect(made).toBe(sha256(content))
            if (acks(outcomes).some(Boolean)) expect(await rowOf(slug)).toMatchObject({ state: 'live' })
            await append(world)
            expect(await rowOf(slug)).toMatchObject({ state: 'live', sha256: sha256(content) })
          },
        }
      })
    })
  })
}
