import { burns } from '../cluster/burns.ts'
import { costs } from '../cluster/costs.ts'
import { rolling, withoutRedis } from '../cluster/disturbed.ts'
import { scale } from '../cluster/scale.ts'
import { LOAD_CORE, pin, unpin } from '../machine.ts'
import type { Row } from '../result.ts'

/** Replicas behind nginx on MariaDB, S3 and Redis: what a request costs, the knee, races, restarts, Redis away. */
export const cluster: Row = {
  name: 'cluster',
  onlyWhenNamed: true,
  async run(folder) {
    // Too many processes for one core each: the kernel shares both.
    unpin(process.pid)
    try {
      return [
        ...(await costs()),
        ...(await scale(folder)),
        ...(await burns()),
        ...(await rolling(folder)),
        ...(await withoutRedis(folder)),
      ]
    } finally {
      pin(process.pid, LOAD_CORE)
    }
  },
}
