import type { BackupResult } from './back-up.ts'
import { writeDurably } from './generations.ts'

/**
 * Writes what Prometheus's node_exporter picks up from its `--collector.textfile.directory`: when the last backup was
 * done, and what it holds. A backup that failed leaves the file, so the time in it grows old.
 */
export async function writeMetrics(path: string, { summary, copied }: BackupResult): Promise<void> {
  const figures: [string, string, number][] = [
    [
      'last_success_timestamp_seconds',
      'When the last backup that can be restored began',
      Date.parse(summary.takenAt) / 1_000,
    ],
    ['pastes', 'Pastes in it', summary.pastes],
    ['skipped_pastes', 'Pastes that it lacks, because their content is missing or damaged', skipped(summary)],
    ['copied_bytes', 'Bytes of new objects in it', copied.bytes],
  ]
  const text = figures.map(([name, help, value]) =>
    [
      `# HELP paste_backup_${name} ${help}`,
      `# TYPE paste_backup_${name} gauge`,
      `paste_backup_${name} ${value}`,
      '',
    ].join('\n'),
  )
  await writeDurably(path, text.join(''))
}

function skipped({ missing, damaged }: BackupResult['summary']): number {
  return missing.length + damaged.length
}
