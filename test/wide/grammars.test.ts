import hljs from 'highlight.js'
import { expect, test } from 'vitest'
import { beyondBounds } from '../web/code/openers.ts'

test.each(hljs.listLanguages())('the rows of nested %s stay within their bounds', (language) => {
  expect(beyondBounds(language)).toEqual([])
})
