import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Compile } from 'typebox/compile'
import { MOST_RUN_BYTES, type Run, RunSchema } from '../../src/analytics/runs/schema.ts'

/** Runs as files of a folder, one each. */
export type Runs = {
  /** Writes a run; gives its file. Throws when it has not the shape that {@link RunSchema} says, or is too large. */
  save(run: Run): string
  /** All of them, the oldest first. Files that are no runs are left out. */
  all(): Run[]
  /** By ids or names, several with commas. Throws when one is unknown. */
  find(wanted: string): Run[]
}

const validator = Compile(RunSchema)

/** Opens a folder, which is made when it is needed. */
export function openRuns(folder: string): Runs {
  const all = () => {
    const files = readFolder(folder).filter((file) => file.endsWith('.json'))
    return files.flatMap((file) => parse(readFileSync(join(folder, file), 'utf8'))).sort(byTime)
  }
  return {
    save(run) {
      const text = JSON.stringify(run)
      if (!validator.Check(run)) {
        const [failure] = validator.Errors(run) as unknown as { instancePath: string; message: string }[]
        throw new Error(`the run is malformed at ${failure?.instancePath}: ${failure?.message}`)
      }
      if (Buffer.byteLength(text) > MOST_RUN_BYTES) throw new Error(`the run takes ${text.length} bytes`)
      mkdirSync(folder, { recursive: true })
      const file = join(folder, `${run.id}.json`)
      writeFileSync(`${file}.part`, text)
      renameSync(`${file}.part`, file)
      return file
    },
    all,
    find(wanted) {
      const runs = all()
      return wanted.split(',').flatMap((word) => {
        const found = runs.filter(({ id, name }) => id === word || name === word)
        if (found.length === 0) throw new Error(`there is no run ${word}; npm run lab -- list shows them`)
        return found
      })
    },
  }
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function parse(text: string): Run[] {
  try {
    const value: unknown = JSON.parse(text)
    return validator.Check(value) ? [value as Run] : []
  } catch {
    return []
  }
}

function byTime(one: Run, other: Run): number {
  return one.startedAt - other.startedAt
}
