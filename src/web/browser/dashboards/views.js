import { byId, say } from '../common/dom.js'
import { fetchPage } from '../common/fetch-page.js'
import '../common/page.js'
import { keptPaste } from '../common/kept-pastes.js'
import { preparePlots } from './plots.js'

const { slug } = byId('main').dataset
const status = byId('status')

async function show() {
  const kept = keptPaste(slug)
  if (!kept)
    return say(
      status,
      'This browser keeps no edit token of this paste: its views are shown only where it was posted.',
      'bad',
    )
  const page = await fetchPage(location.href, { authorization: `Bearer ${kept.editToken}` }).catch(() => null)
  const views = page?.getElementById('views')
  if (!views)
    return say(
      status,
      'The views could not be read. The paste may be gone, or the connection; load the page again.',
      'bad',
    )
  byId('views').replaceWith(views)
  preparePlots()
}

void show()
