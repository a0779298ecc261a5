import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { patiently } from './patience.ts'

const SCRIPT = `import { keepCompiledCode } from ${JSON.stringify(new URL('../src/compiled-code.ts', import.meta.url).href)}
process.stdout.write(String(keepCompiledCode(process.argv[1])))`
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-compiled-'))
  folders.push(folder)
  return folder
}

// The cache is one of the whole process, so each case has its own.
function keepIn(folder: string): string {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env
  return execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT, folder], {
    env,
    encoding: 'utf8',
    timeout: patiently(20_000),
  })
}

describe('compiled code', () => {
  test('is kept in the data folder, where only its owner reads and writes it', () => {
    const folder = join(freshFolder(), 'data')
    expect(keepIn(folder)).toContain(join(folder, 'compiled'))
    expect(statSync(join(folder, 'compiled')).mode & 0o777).toBe(0o700)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })

  test('is not read from a folder that others can write', () => {
    const folder = freshFolder()
    mkdirSync(join(folder, 'compiled'))
    chmodSync(join(folder, 'compiled'), 0o777)
    expect(keepIn(folder)).toBe('undefined')
  })

  test('is not read from a data folder whose entries others can replace', () => {
    const folder = freshFolder()
    chmodSync(folder, 0o777)
    expect(keepIn(folder)).toBe('undefined')
  })

  test('is not read through a link', () => {
    const folder = freshFolder()
    const elsewhere = freshFolder()
    symlinkSync(elsewhere, join(folder, 'compiled'))
    expect(keepIn(folder)).toBe('undefined')
  })

  test('is not kept where no data folder can be made', () => {
    const folder = '/proc/none/data'
    expect(keepIn(folder)).toBe('undefined')
    expect(existsSync(folder)).toBe(false)
  })
})
