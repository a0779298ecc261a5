import { cleanTerminalText } from '../../shared/terminal.js'
import { BASE } from '../common/base.js'
import { byId, FROM_PAGE } from '../common/dom.js'
import { startPage } from '../paste-page/paste-page.js'
import { wholeView } from './whole-view.js'

const { slug, counted, terminal, charset = 'utf-8' } = byId('main').dataset
const code = document.getElementById('code')

/** The text as it was pasted, not what the page shows of it: HTML keeps no CR and no NUL. */
async function wholeText() {
  const bytes = counted === undefined ? await fetchBytes() : savedBytes()
  const text = new TextDecoder(charset, { ignoreBOM: charset === 'utf-8' }).decode(bytes)
  // What is read once is all there is of it: nothing is left out.
  return terminal !== undefined && counted === undefined ? cleanTerminalText(text) : text
}

async function fetchBytes() {
  const response = await fetch(`${BASE}/raw/${slug}`, { headers: FROM_PAGE })
  if (!response.ok) throw new Error('the content could not be fetched')
  return response.arrayBuffer()
}

/** The bytes that came with the page, as asking for them would be another reading. */
function savedBytes() {
  const [, base64 = ''] = byId('save').href.split(';base64,')
  return Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))
}

startPage(code && wholeView(code, wholeText))
