import { describe, expect, test } from 'vitest'
import { bringTool } from './tools.ts'

describe('a tool that no package brings', () => {
  test('is put into the folder of tools by its script', () => {
    expect(bringTool('test -d "$1/bin"')).toBeUndefined()
  })

  test('that can not be had says why, in the last words of its script', () => {
    expect(bringTool('echo first >&2; echo no network >&2; exit 3')).toBe('no network')
    expect(bringTool('exit 3')).toBe('exit status 3')
  })
})
