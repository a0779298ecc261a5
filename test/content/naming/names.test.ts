import { parse } from 'content-disposition'
import { assert, constantFrom, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentDisposition, disposition, sanitiseFileName } from '../../../src/content/index.ts'
import { decideMediaType } from '../../../src/content/naming/decide-media-type.ts'
import { anyText } from '../../any-text.ts'

const TEXT = 'text/plain; charset=utf-8'
const BINARY = 'application/octet-stream'
const bytes = (latin1: string) => Buffer.from(latin1, 'latin1')

describe('the media type', () => {
  const PNG = bytes('\x89PNG\r\n\x1a\n....')
  test.each([
    ['text', bytes('hello'), true, {}, TEXT],
    ['HTML that says so', bytes('<html>'), true, { mediaType: 'text/html' }, TEXT],
    ['SVG that says so', bytes('<svg>'), true, { mediaType: 'image/svg+xml', fileName: 'a.svg' }, TEXT],
    ['text that calls itself a picture', bytes('hello'), true, { mediaType: 'image/png' }, TEXT],
    ['text that begins as a GIF does, without a claim', bytes('GIF89a=1'), true, {}, TEXT],
    ['what is no text', bytes('caf\xe9\0\x01'), false, { mediaType: 'text/plain' }, BINARY],
    ['PNG by type', PNG, false, { mediaType: 'Image/PNG; x=y' }, 'image/png'],
    ['PNG by extension', PNG, false, { fileName: 'photo.PNG' }, 'image/png'],
    ['PNG by extension when the type says nothing', PNG, false, { mediaType: BINARY, fileName: 'a.png' }, 'image/png'],
    ['PNG without a claim', PNG, false, {}, 'image/png'],
    ['PNG that calls itself JPEG', PNG, false, { mediaType: 'image/jpeg', fileName: 'my-name' }, 'image/png'],
    ['JPEG under an alias', bytes('\xff\xd8\xff\xe0'), false, { mediaType: 'image/jpg' }, 'image/jpeg'],
    ['WebP', bytes('RIFF....WEBPVP8 '), false, { fileName: 'a.webp' }, 'image/webp'],
    ['WAV', bytes('RIFF....WAVEfmt '), false, { mediaType: 'audio/x-wav' }, 'audio/wav'],
    ['AVIF', bytes('\0\0\0 ftypavif'), false, { mediaType: 'image/avif' }, 'image/avif'],
    ['film', bytes('\0\0\0 ftypisom'), false, { fileName: 'a.mp4' }, 'video/mp4'],
    ['sound in a film container', bytes('\0\0\0 ftypisom'), false, { fileName: 'a.m4a' }, 'audio/mp4'],
    ['MP3 with tags', bytes('ID3\x04'), false, { fileName: 'a.mp3' }, 'audio/mpeg'],
    ['MP3 without tags', bytes('\xff\xfb\x90d'), false, { fileName: 'a.mp3' }, 'audio/mpeg'],
    ['PDF', bytes('%PDF-1.7'), false, {}, 'application/pdf'],
    ['MP3 without tags and a claim', bytes('\xff\xfb\x90d'), false, {}, BINARY],
    ['ZIP', bytes('PK\x03\x04'), false, {}, 'application/zip'],
    ['gzip', bytes('\x1f\x8b\x08\0'), false, { fileName: 'a.txt' }, 'application/gzip'],
    ['a claim from the prototype', bytes('\xff'), false, { mediaType: 'constructor', fileName: '__proto__' }, BINARY],
  ])('%s', (_, head, utf8, claim, expected) => {
    expect(decideMediaType(head, { utf8, charset: utf8 ? 'utf-8' : undefined }, claim)).toBe(expected)
  })
})

describe('a file name', () => {
  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\x\\y.txt', 'y.txt'],
    ['..', 'file'],
    ['', 'file'],
    ['dir/', 'file'],
    ['a\r\nSet-Cookie: x\0.txt', 'aSet-Cookie_ x.txt'],
    ['gpj.\u202eexe', 'gpj.exe'],
    ['\u200b\ufeffa\u2066b', 'ab'],
    ['.bashrc', '.bashrc'],
    ['שלום 😀.txt', 'שלום 😀.txt'],
    ['lone \ud800', 'lone \ufffd'],
  ])('%j becomes %j', (raw, name) => {
    expect(sanitiseFileName(raw)).toBe(name)
  })

  test('that was not given stays so', () => {
    expect(sanitiseFileName(undefined)).toBeUndefined()
  })

  test('has at most 255 bytes', () => {
    expect(sanitiseFileName(`${'é'.repeat(127)}a`)).toHaveLength(128)
    expect(sanitiseFileName(`${'é'.repeat(128)}.tar.gz`)).toBe(`${'é'.repeat(126)}.gz`)
    expect(sanitiseFileName('日'.repeat(90))).toBe('日'.repeat(85))
    expect(sanitiseFileName('😀'.repeat(64))).toBe('😀'.repeat(63))
  })
})

describe('Content-Disposition', () => {
  test.each([
    [TEXT, 'a.html', false, 'inline; filename=a.html.txt'],
    [TEXT, 'a.html', true, 'attachment; filename=a.html'],
    [TEXT, 'build.log', false, 'inline; filename=build.log'],
    ['image/png', 'a.png', false, 'inline; filename=a.png'],
    ['application/pdf', 'a.pdf', false, 'attachment; filename=a.pdf'],
    [BINARY, null, false, 'attachment'],
    [TEXT, undefined, false, 'inline'],
    [TEXT, 'my notes.txt', false, 'inline; filename="my notes.txt"'],
    [TEXT, 'nö (1).txt', false, `inline; filename="n_ (1).txt"; filename*=UTF-8''n%C3%B6%20%281%29.txt`],
    [TEXT, '100%.txt', false, `inline; filename=100_.txt; filename*=UTF-8''100%25.txt`],
    [TEXT, 'a"; x="%41\\b', false, 'inline; filename=b'],
  ])('of %s named %j, download %s', (mediaType, fileName, download, expected) => {
    expect(contentDisposition({ mediaType, fileName, download })).toBe(expected)
  })

  test('never shows what a browser would run', () => {
    for (const type of ['text/html', 'image/svg+xml', 'application/xhtml+xml', 'application/pdf', BINARY]) {
      expect(disposition(type)).toBe('attachment')
    }
  })

  test('is one valid header line for any name', () => {
    assert(
      property(anyText(), constantFrom(TEXT, BINARY), (fileName, mediaType) => {
        const header = contentDisposition({ mediaType, fileName })
        expect(header).toMatch(/^(inline|attachment); filename=(?:[!#$&'*+.^_`|~\w-]+|"[^"\\%\x00-\x1f\x7f-\uffff]+")/)
        expect(header.replace(/^[^;]+; filename=(?:[^";]+|"[^"]+")/, '')).toMatch(
          /^(; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+)?$/,
        )
        const name = sanitiseFileName(fileName.replaceAll('"', '').slice(0, 60))
        expect(parse(contentDisposition({ mediaType: BINARY, fileName: name })).parameters.filename).toBe(name)
      }),
    )
  })
})
