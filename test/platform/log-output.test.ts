import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLogOutput } from '../../src/platform/log-output.ts'

/** An output onto a disk of so many bytes, which may be given more room. */
function onDisk(room: number) {
  const disk = { text: '', room }
  const output = createLogOutput((bytes, offset) => {
    const some = bytes.subarray(offset, offset + disk.room)
    if (some.length === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    disk.text += some.toString()
    disk.room -= some.length
    return some.length
  })
  return { disk, output }
}

test('every line is whole, torn by a full disk, or dropped; those that are not whole are counted', () => {
  const steps = fc.array(fc.record({ line: fc.stringMatching(/^[a-z]{1,9}$/), room: fc.nat(12) }), { maxLength: 30 })
  fc.assert(
    fc.property(steps, (given) => {
      const { disk, output } = onDisk(0)
      const whole: string[] = []
      for (const [index, { line, room }] of given.entries()) {
        disk.room = room
        const before = output.dropped()
        output.write(`${index}-${line}.\n`)
        if (output.dropped() === before) whole.push(`${index}-${line}.`)
        else expect(output.dropped()).toBe(before + 1)
      }
      const written = disk.text.split('\n')
      expect(written.filter((line) => line.endsWith('.') && whole.includes(line))).toEqual(whole)
    }),
  )
})

test('an output that takes nothing, and says nothing, is given up', () => {
  const output = createLogOutput(() => 0)
  output.write('a line\n')
  expect(output.dropped()).toBe(1)
})
