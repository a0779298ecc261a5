import type { RestoreReport } from '../../paste/index.ts'
import { counted } from '../progress.ts'

/** What a restore did to each kind, and what it could not, with the names of those pastes. */
export function restoreText(report: RestoreReport, dryRun: boolean): string {
  const { pastes, tombstones, present, objects, over, limited, removedSince } = report
  const lines = [
    `${counted(pastes, 'paste')} and ${counted(tombstones, 'tombstone')} ${dryRun ? 'would be ' : ''}restored; ` +
      `${present} were there already, ${over} have ended`,
  ]
  if (objects > 0) lines.push(`${counted(objects, 'missing or damaged object')} ${dryRun ? 'would be ' : ''}put back`)
  if (removedSince > 0) lines.push(`${removedSince} left out: a later backup says that they ended`)
  if (limited > 0)
    lines.push(`${limited} of limited readings count as read; --limited restores them, if nobody read them since`)
  for (const slug of report.missing) lines.push(`The backup lacks the content of ${slug}`)
  for (const slug of report.damaged) lines.push(`In the backup, the content of ${slug} is damaged`)
  for (const slug of report.lost) lines.push(`${slug} lacks its object, and the backup has another version of it`)
  return `${lines.join('\n')}\n`
}

/** 0 when all is there, 1 when pastes are named. */
export function exitCodeOf({ missing, damaged, lost }: RestoreReport): 0 | 1 {
  return missing.length + damaged.length + lost.length === 0 ? 0 : 1
}
