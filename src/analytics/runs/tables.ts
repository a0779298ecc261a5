/** One run of the load lab. */
export type LabRunRow = {
  id: string
  /** Epoch ms. */
  started_at: number
  /** A `RunSummary` as JSON. */
  summary: Uint8Array
  /** A `Run` as JSON, as one zstd frame. */
  body: Uint8Array
}

/** The table of the runs, for Kysely. */
export type RunTables = { lab_runs: LabRunRow }
