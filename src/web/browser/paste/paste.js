import { byId, FROM_PAGE } from '../common/dom.js'
import { startPage } from '../paste-page/paste-page.js'
import { wholeView } from './whole-view.js'

const { slug, counted } = byId('main').dataset
const code = document.getElementById('code')

/** The bytes as they were pasted, not what the page shows of them; unless asking for them would be a reading. */
async function fetchWhole() {
  if (counted !== undefined) throw new Error('asking again would be a reading')
  const response = await fetch(`/raw/${slug}`, { headers: FROM_PAGE })
  if (!response.ok) throw new Error('the content could not be fetched')
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer())
}

startPage(code && wholeView(code, fetchWhole))
