import { setTimeout as delay } from 'node:timers/promises'
import { verifyPastes } from '../paste/index.ts'
import type { Backends } from '../wiring/index.ts'
import { findingLine } from './fsck-report.ts'
import { counted, createProgress } from './progress.ts'

/** How a verification is asked for: after which slug it begins, and at most how many bytes a second it reads. */
export type VerifyRequest = { after: string; bytesPerSecond: number }

/** Reads and compares every content; gives the exit status. When it ends early, it says how it is continued. */
export async function verify({ database, store }: Backends, { after, bytesPerSecond }: VerifyRequest): Promise<0 | 1> {
  const say = createProgress()
  const startedAt = performance.now()
  let bytes = 0
  let slug = after
  const stop = (signal: NodeJS.Signals) => {
    process.stderr.write(`${signal}: ${continuation(slug)}\n`)
    process.exit(2)
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    const report = await verifyPastes(
      { db: database.db, store },
      {
        after,
        onFinding: (finding) => process.stdout.write(`${findingLine(finding)}\n`),
        onProgress(now) {
          slug = now.slug
          say(() => `${counted(now.pastes, 'paste')}, ${now.bytes} bytes, ${now.found} wrong, up to ${now.slug}`)
        },
        async pace(more) {
          bytes += more
          const early = (bytes / bytesPerSecond) * 1_000 - (performance.now() - startedAt)
          if (early > 1) await delay(early)
        },
      },
    )
    const result = report.found === 0 ? 'all as they were stored' : `${report.found} wrong`
    process.stdout.write(`read ${counted(report.pastes, 'paste')}, ${report.bytes} bytes: ${result}\n`)
    return report.found === 0 ? 0 : 1
  } catch (error) {
    process.stderr.write(`${continuation(slug)}\n`)
    throw error
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

function continuation(slug: string): string {
  return slug === '' ? 'nothing was verified' : `to continue: npm run fsck -- --verify --after ${slug}`
}
