import { amountWords, durationWords, judge, shareWords } from '../../shared/figures.js'
import { BASE } from '../common/base.js'
import { byId } from '../common/dom.js'
import { fetchPage } from '../common/fetch-page.js'
import '../common/page.js'
import { isPointed, preparePlots } from './plots.js'

/**
 * Keeps the page of the recordings up to date: the first row from the live stream, every 5 s; the plots by asking for
 * the page again once a step is over, and taking the parts that are marked as `data-fresh` out of it.
 */

const live = byId('live')
const pause = byId('pause')
/** @type {EventSource | undefined} */
let stream
let renewing = false

function listen() {
  stream = new EventSource(`${BASE}/api/v1/performance/live`)
  stream.addEventListener('now', (event) => {
    const { at, now } = JSON.parse(event.data)
    showNow(now)
    live.textContent = `Live, ${new Date(at).toISOString().slice(11, 19)} UTC`
    if (at >= Number(live.dataset.renewAt)) void renew()
  })
  stream.addEventListener('error', () => {
    const isOver = stream?.readyState === EventSource.CLOSED
    live.textContent = isOver ? 'Not live. Load the page again.' : 'Not live: connecting again.'
  })
}

/** @param {Parameters<typeof judge>[0]} now */
function showNow(now) {
  const { mood, words } = judge(now)
  const verdict = byId('verdict')
  verdict.className = `verdict ${mood}`
  // Told to screen readers as well, so only when it is news.
  if (verdict.textContent !== words) verdict.textContent = words
  byId('now-rate').firstChild.data = amountWords(now.requestsPerSecond)
  byId('now-errors').textContent = shareWords(now.errorShare)
  byId('now-p99').textContent = durationWords(now.p99Ms)
  byId('now-resource').textContent = now.saturated?.resource ?? 'nothing'
  byId('now-saturated').textContent = shareWords(now.saturated?.share ?? null)
  const used = byId('now-use')
  used.setAttribute('width', `${Math.min(100, (now.saturated?.share ?? 0) * 100)}%`)
  used.classList.toggle('tone-warn', (now.saturated?.share ?? 0) >= 0.9)
}

async function renew() {
  if (renewing || document.hidden || isPointed()) return
  renewing = true
  try {
    const page = await fetchPage(location.href)
    // Somebody may have begun to look meanwhile.
    if (page && !isPointed()) take(page)
  } catch {
    // The next event tries again.
  } finally {
    renewing = false
  }
}

/** @param {Document} page */
function take(page) {
  for (const old of document.querySelectorAll('[data-fresh]')) {
    const fresh = page.getElementById(old.id)
    if (!fresh || old.contains(document.activeElement)) continue
    const [was, is] = [old, fresh].map((part) => part.querySelector('details'))
    if (was && is) is.open = was.open
    old.replaceWith(fresh)
  }
  live.dataset.renewAt = page.getElementById('live')?.dataset.renewAt ?? ''
  preparePlots()
}

pause.addEventListener('click', () => {
  const pausing = stream !== undefined
  pause.setAttribute('aria-pressed', String(pausing))
  if (pausing) {
    stream?.close()
    stream = undefined
    live.textContent = 'Paused'
  } else {
    listen()
    void renew()
  }
})

preparePlots()
listen()
