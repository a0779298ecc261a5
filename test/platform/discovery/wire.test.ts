import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkAnswer, signMessage, type TsigKey } from '../../../src/platform/discovery/tsig.ts'
import { encodeUpdate } from '../../../src/platform/discovery/update.ts'
import { encodeAddress, encodeName, readName } from '../../../src/platform/discovery/wire.ts'

const KEY: TsigKey = {
  name: 'paste-replicas',
  algorithm: 'hmac-sha256',
  secret: Buffer.from('c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ=', 'base64'),
}

// What nsupdate of BIND 9.18.49 sent, to add 127.0.0.11 and 2001:db8::1 and to remove 127.0.0.12, without its length.
const OF_NSUPDATE = Buffer.from(
  `25c828000001000000030001
   05706173746504746573740000060001
   03617070c00c00010001000000010004 7f00000b
   c01c000100fe000000000004 7f00000c
   c01c001c0001000000010010 20010db8000000000000000000000001
   0e70617374652d7265706c696361730000fa00ff00000000003d
   0b686d61632d7368613235360000006b0382cd012c0020
   44b6048c3fccec3d36d5f26481620013d44e79cc06a34cb396ba7d8691203986
   25c800000000`.replace(/\s/g, ''),
  'hex',
)
const SIGNED_AT = 0x6b0382cd

/** The message of nsupdate before its signature. */
function unsigned(): Buffer {
  const message = Buffer.from(OF_NSUPDATE.subarray(0, OF_NSUPDATE.indexOf('0e70617374652d', 0, 'hex')))
  message.writeUInt16BE(0, 10)
  return message
}

describe('a signed update', () => {
  test('is signed as BIND’s own client signs it, byte for byte', () => {
    expect(signMessage(unsigned(), KEY, SIGNED_AT).message.toString('hex')).toBe(OF_NSUPDATE.toString('hex'))
  })

  test('says what BIND’s own client says, whose names are abbreviated', () => {
    const name = 'app.paste.test'
    const changes = [
      { kind: 'add', name, address: '127.0.0.11', ttlSeconds: 1 },
      { kind: 'remove', name, address: '127.0.0.12', ttlSeconds: 1 },
      { kind: 'add', name, address: '2001:db8::1', ttlSeconds: 1 },
    ] as const
    const whole = encodeName(name)
    let rest = unsigned()
    for (const abbreviated of ['03617070c00c', 'c01c', 'c01c']) {
      const at = rest.indexOf(abbreviated, 0, 'hex')
      rest = Buffer.concat([rest.subarray(0, at), whole, rest.subarray(at + abbreviated.length / 2)])
    }
    expect(encodeUpdate(0x25c8, 'paste.test', changes).toString('hex')).toBe(rest.toString('hex'))
  })
})

describe('an answer', () => {
  const request = signMessage(encodeUpdate(7, 'paste.test', []), KEY, SIGNED_AT)
  const check =
    (answer: Buffer, at = SIGNED_AT) =>
    () =>
      checkAnswer(answer, request, KEY, at)
  const plain = (id: number, code = 0) => Buffer.from([id >> 8, id & 255, 0xa8, code, 0, 0, 0, 0, 0, 0, 0, 0])

  test('to another request is refused', () => {
    expect(check(plain(8))).toThrow('for another request')
  })

  test('that nobody signed is refused, however good its news', () => {
    expect(check(plain(7))).toThrow('not signed')
  })

  test('that a server could not sign gives its reason', () => {
    expect(check(plain(7, 9))).toThrow('NOTAUTH')
  })

  test('that is signed for no request of ours is refused', () => {
    expect(check(signMessage(plain(7), KEY, SIGNED_AT).message)).toThrow('not signed with our key')
  })

  test('of any bytes throws an Error, and soon', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 80 }), (bytes) => {
        const answer = Buffer.concat([plain(7), bytes])
        answer.fill(bytes.at(0) ?? 0, 5, 6).fill(bytes.at(1) ?? 0, 11, 12)
        expect(check(answer)).toThrow(Error)
      }),
    )
  })
})

describe('names and addresses', () => {
  test('a name is read as it was written', () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,20}$/)
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 6 }), (labels) => {
        const encoded = encodeName(labels.join('.'))
        expect(readName(Buffer.concat([Buffer.of(1, 2), encoded]), 2)).toEqual({
          name: encoded,
          end: encoded.length + 2,
        })
      }),
    )
  })

  test.each(['', 'a..b', 'x'.repeat(64), Array(130).fill('x').join('.')])('"%s" is no name', (name) => {
    expect(() => encodeName(name)).toThrow(RangeError)
  })

  test.each([
    ['127.0.0.11', '7f00000b'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['2001:DB8:0:0:1::', '20010db8000000000001000000000000'],
    ['::ffff:10.0.0.1', '00000000000000000000ffff0a000001'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ])('%s is %s', (address, hex) => {
    expect(encodeAddress(address).toString('hex')).toBe(hex)
  })

  test.each(['', 'localhost', '1.2.3', 'fe80::1%eth0'])('"%s" is no address', (address) => {
    expect(() => encodeAddress(address)).toThrow(RangeError)
  })
})
