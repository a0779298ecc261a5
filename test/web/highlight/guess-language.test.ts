import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guessLanguage } from '../../../src/web/highlight/guess-language.ts'
import { thoroughly } from '../../thorough.ts'

const SAMPLES: Record<string, string> = {
  python: 'import os\n\ndef main(path):\n    print(os.listdir(path))\n',
  javascript: "const fs = require('fs')\nfs.readFile('a', (error, data) => {\n  console.log(data)\n})\n",
  typescript: 'export type Paste = { slug: string }\n\nconst paste: Paste = load()\n',
  json: '{\n  "name": "paste",\n  "files": ["a", "b"]\n}\n',
  xml: '<!doctype html>\n<html><body><p>hello</p></body></html>\n',
  css: '.line {\n  display: block;\n  color: red;\n}\n',
  go: 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("hi")\n}\n',
  rust: 'use std::io;\n\nfn main() {\n    println!("hi");\n}\n',
  c: '#include <stdio.h>\n\nint main(void) {\n  printf("hi");\n}\n',
  cpp: '#include <iostream>\n\nint main() {\n  std::cout << "hi";\n}\n',
  java: 'import java.util.List;\n\npublic class Main {\n}\n',
  ruby: "require 'json'\n\ndef hello\n  puts 'hi'\nend\n",
  bash: 'set -e\nfor f in *.log; do\n  echo "$f"\ndone\n',
  sql: 'SELECT name, count(*)\nFROM pastes\nWHERE size > 10;\n',
  diff: 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n',
  ini: '[server]\nport = 3000\nhost = localhost\n',
  yaml: 'services:\n  app:\n    image: node\n    ports:\n      - 3000\n',
  markdown: '# Title\n\nSome **bold** text with [a link](https://example.com).\n',
  log: '2026-11-22 10:00:00 INFO started\n2026-11-22 10:00:01 ERROR lost\n',
}

describe('guessing a language', () => {
  test.each(Object.entries(SAMPLES))('%s is recognised', (language, text) => {
    expect(guessLanguage(text)).toBe(language)
  })
  test.each([
    'Dear all,\n\nthe meeting is moved to Thursday. Please bring your notes, and tell me if you can not come.\n',
    'I think we should select one from the list, update it, and return; if not, let us try something else.\n',
    'Shopping:\nmilk\nbread\n',
    'a,b,c\n1,2,3\n',
    '',
  ])('%j is taken for none', (text) => {
    expect(guessLanguage(text)).toBeNull()
  })
  test('an interpreter line decides', () => {
    expect(guessLanguage('#!/usr/bin/env node\n')).toBe('javascript')
    expect(guessLanguage('#!/bin/sh\n')).toBe('bash')
  })
  // An expression that backtracks would need hours for one of these.
  test('8 KiB of one thing, however nested, are guessed', () => {
    const hard = ['<', 'a ', '"', '[', '- a\n', '((', 'import ', 'const ', ' => ', '\n', '  ', '*a', 'select ']
    for (const piece of hard) expect(guessLanguage(piece.repeat(8192 / piece.length))).toBeDefined()
    assert(
      property(string({ minLength: 100, maxLength: 2000 }), (text) => guessLanguage(text) !== undefined),
      {
        numRuns: thoroughly(100),
      },
    )
  })
})
