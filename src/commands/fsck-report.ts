import type { AuditReport, Finding } from '../paste/index.ts'
import { counted } from './progress.ts'

/** One finding as a line for the operator. Names of pastes are shown: it is the operator's terminal, not a log. */
export function findingLine(finding: Finding): string {
  switch (finding.type) {
    case 'missing':
      return `missing object     ${finding.key}  of paste ${finding.slug}`
    case 'damaged':
      return `damaged content    ${finding.key ?? 'in the row'}  of paste ${finding.slug}: ${finding.reason}`
    case 'unknown':
      return `unknown object     ${finding.key}  ${finding.sizeBytes} bytes, written ${time(finding.modifiedAt)}`
    case 'unfinished':
      return `unfinished upload  ${finding.key}  begun ${time(finding.startedAt)}`
  }
}

/** What was compared, what was found, and what to do now: a few lines. */
export function summary(report: AuditReport, repair: boolean): string {
  const { missing, damaged, unknown, unfinished } = report.found
  const lines = [`compared ${counted(report.rows, 'row')} with ${counted(report.objects, 'object')}`]
  if (report.foreign > 0) lines.push(`${counted(report.foreign, 'name')} in the store not ours, left alone`)
  if (report.young > 0)
    lines.push(
      `${counted(report.young, 'object')} without a row, younger than an hour: of uploads under way, or look again later`,
    )
  if (missing + damaged + unknown + unfinished === 0)
    lines.push(report.young > 0 ? 'nothing is wrong, but for those too young to tell' : 'clean')
  else
    lines.push(
      `${counted(missing, 'missing object')}, ${damaged > 0 ? `${damaged} damaged, ` : ''}` +
        `${counted(unknown, 'unknown object')}, ${counted(unfinished, 'unfinished upload')}; ${report.removed} removed`,
    )
  if (missing + damaged > 0)
    lines.push(
      'Missing and damaged objects: `npm run restore -- FOLDER --verify` puts them back; or delete these pastes.',
    )
  if (report.refused)
    lines.push(
      'More objects are unknown than known. Is this the database of this store, and not an older backup of it? ' +
        'No unknown object was removed; --repair --force removes them all.',
    )
  else if (!repair && unknown + unfinished > 0) lines.push('npm run fsck -- --repair removes what nobody knows.')
  return lines.join('\n')
}

/** 0 when nothing is wrong any more, else 1. */
export function exitCode(report: AuditReport): 0 | 1 {
  const { missing, damaged, unknown, unfinished } = report.found
  return missing + damaged === 0 && report.removed === unknown + unfinished ? 0 : 1
}

function time(at: number): string {
  return new Date(at).toISOString()
}
