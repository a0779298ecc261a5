// The browser’s module `log-language.js`, as the server imports it: one grammar on both sides.
import type { HLJSApi, Language } from 'highlight.js'

/**
 * A highlight.js grammar for server logs.
 * @public
 */
export default function logLanguage(hljs: HLJSApi): Language
