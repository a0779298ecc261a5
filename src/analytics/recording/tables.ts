/** One recording as kept: of one replica and minute, or of all replicas and a longer period. */
export type RecordingRow = {
  period_ms: number
  /** Epoch ms, a multiple of the period. */
  started_at: number
  /** Empty for all replicas. */
  replica: string
  /** Rows of a replica and minute that are in it. */
  sources: number
  /** As `encodeRecording` writes it. */
  body: Uint8Array
}

/** The tables of recordings, for Kysely. */
export type RecordingTables = { recordings: RecordingRow }
