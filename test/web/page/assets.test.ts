import { zstdDecompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { loadAssets } from '../../../src/web/page/assets.ts'
import { STYLE_SETS } from '../../../src/web/page/style-sets.ts'

const assets = loadAssets()
const read = (path: string) => assets.read(path.slice('/assets/'.length))

describe('assets', () => {
  test('a module names what it imports by names that exist', async () => {
    for (const entry of ['form.js', 'paste.js', 'viewer-page.js', 'colour-worker.js', 'mine.js', 'api.js', 'page.js'])
      for (const path of assets.modules(entry)) {
        const text = String(await read(path)?.bytes('identity'))
        for (const [, imported] of text.matchAll(/(?:from|import) '\.\/([^']+)'/g))
          expect(assets.read(imported ?? ''), `${path} imports ${imported}`).toBeDefined()
      }
  })
  test('a grammar is a module, and comes with the grammars that it embeds', async () => {
    const paths = assets.grammars('markdown') ?? []
    expect(paths.map((path) => path.replace(/^\/assets\/|\.[\w-]+\.js$/g, ''))).toEqual([
      'highlight',
      'grammar-css',
      'grammar-javascript',
      'grammar-xml',
      'grammar-markdown',
    ])
    for (const path of paths) expect(String(await read(path)?.bytes('identity'))).toContain('export default')
    expect(assets.grammars('log')?.at(-1)).toBe(assets.path('log-language.js'))
    for (const name of ['none-such', '../../core', 'c++']) expect(assets.grammars(name)).toBeUndefined()
  })
  test('a grammar that only another replica was asked for is there too', () => {
    const path = loadAssets().grammars('rust')?.at(-1) ?? ''
    expect(read(path)).toBeDefined()
    expect(assets.read('grammar-rust.AAAAAAAAAA.js')).toBeUndefined()
  })
  test('the style sheets of a page are one file, in their order', async () => {
    const names = ['base.css', 'controls.css', 'top.css', 'list.css']
    const whole = await read(assets.styles(names))?.bytes('identity')
    const parts = await Promise.all(names.map((name) => read(assets.path(name))?.bytes('identity')))
    expect(String(whole)).toBe(parts.join(''))
  })
  test('styles that only another replica was asked for are there, however many were invented before', () => {
    const fresh = loadAssets()
    for (let count = 1; count <= 100; count++)
      expect(fresh.read(`${'base+'.repeat(count)}top.AAAAAAAAAA.css`)).toBeUndefined()
    for (const names of STYLE_SETS) expect(fresh.read(assets.styles(names).slice('/assets/'.length))).toBeDefined()
    expect(() => fresh.path(`${'base+'.repeat(50)}top.css`)).toThrow('there is no asset')
  })
  test('a compressed asset is the asset', async () => {
    const asset = read(assets.path('base.css'))
    expect(asset?.mediaType).toBe('text/css; charset=utf-8')
    expect(zstdDecompressSync((await asset?.bytes('zstd')) ?? Buffer.alloc(0))).toEqual(await asset?.bytes('identity'))
  })
  test('a name without its hash, or of a file outside, is no asset', () => {
    for (const file of ['base.css', '../assets.ts', 'words.js.map']) expect(assets.read(file)).toBeUndefined()
  })
})
