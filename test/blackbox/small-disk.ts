import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of `sizeMiB` that ends with the test; undefined where we may not mount one. */
export function smallDisk(sizeMiB: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    rmdirSync(folder)
    return undefined
  }
}

/** Whether {@link smallDisk} gives one here. */
export const mayMount = (() => {
  const folder = smallDisk(1)
  if (folder) release(folder)
  return folder !== undefined
})()

/** Unmounts it and removes its folder. */
export function release(folder: string): void {
  execFileSync('umount', [folder])
  rmdirSync(folder)
}
