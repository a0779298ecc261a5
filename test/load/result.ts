/** What a row of the table wants to see. */
export type Goal =
  /** At least this part of the reference, measured in the same run. */
  { ofReference: number } | { atLeast: number } | { atMost: number }

/** One row of the table: repetitions of ours and of what it is compared with. */
export type Result = {
  work: string
  unit: string
  ours: number[]
  reference?: { name: string; samples: number[] } | undefined
  goals: Goal[]
  /** What else is worth knowing, one short sentence. */
  note?: string | undefined
}

/** A piece of work that can be run by name, alone, in at most a few minutes on a calm machine. */
export type Row = {
  name: string
  /** Whether it runs only when it is named. */
  onlyWhenNamed?: boolean
  run(folder: string): Promise<Result[]>
}

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** Median of the ratios of the pairs, which share the noise of their moment; undefined without a reference. */
export function ratio({ ours, reference }: Result): number | undefined {
  return reference && median(ours.map((sample, index) => sample / (reference.samples[index] ?? Number.NaN)))
}

/** Whether a result meets one goal. */
export function meets(result: Result, goal: Goal): boolean {
  if ('ofReference' in goal) return (ratio(result) ?? Number.NaN) >= goal.ofReference
  return 'atLeast' in goal ? median(result.ours) >= goal.atLeast : median(result.ours) <= goal.atMost
}
