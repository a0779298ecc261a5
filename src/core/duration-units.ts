/** Milliseconds in each unit of a written duration such as `10m` or `7d`. */
export const DURATION_UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
