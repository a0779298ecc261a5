import { html } from 'ghtml'
import { renderDocument, renderHeader, type Site } from '../page/index.ts'
import { sizeWords, spanWords } from '../shared/words.js'

/** What the service is, how to use it from a shell and from a program, its limits and its keys. */
export function renderHelpPage(site: Site): string {
  const url = site.publicUrl()
  const { maxPasteBytes, minExpiryMs, maxExpiryMs, defaultExpiryMs } = site.limits
  const most = sizeWords(maxPasteBytes)
  const longest = maxExpiryMs === null ? 'as long as you like, also for ever' : spanWords(maxExpiryMs)
  const preset = defaultExpiryMs === null ? 'never' : `after ${spanWords(defaultExpiryMs)}`
  return renderDocument(site, {
    title: 'Help',
    styles: ['list.css'],
    script: 'page.js',
    indexed: true,
    body: html`!${renderHeader(site, '/help')}
<main id="main" class="page prose">
<h1>Help</h1>
<p>Paste up to ${most} and get an address. Open the address, see the content. You choose when it ends and what it is called.</p>

<h2 id="shell">From a shell</h2>
<p>Each of these answers one line: the address. The edit token comes in the header <code>X-Edit-Token</code> (<code>curl -i</code> shows it).</p>
<pre class="example" tabindex="0" role="region" aria-label="Posting">some-build 2&gt;&amp;1 | curl -T- ${url}/
curl -T build.log ${url}/
curl -T build.log ${url}/my-build-log
curl --data-binary @build.log ${url}/
curl -F file=@build.log ${url}/</pre>
<p>Reading gives the bytes, exactly:</p>
<pre class="example" tabindex="0" role="region" aria-label="Reading">curl ${url}/my-build-log
curl '${url}/my-build-log?lines=120-180'
curl '${url}/my-build-log?tail=100'
curl '${url}/my-build-log?grep=ERROR&amp;context=2'</pre>

<h2 id="rest">From a program</h2>
<pre class="example" tabindex="0" role="region" aria-label="Posting as JSON">curl ${url}/api/v1/pastes \
  -H 'Content-Type: application/json' \
  -d '{"content": "hello", "expiresIn": "2h", "slug": "greeting"}'</pre>
<p>The answer holds <code>url</code>, <code>rawUrl</code>, <code>expiresAt</code> and <code>editToken</code>. Change, extend and delete with <code>Authorization: Bearer &lt;editToken&gt;</code>. <a href="${site.base}/api/docs">Try every call</a>, or read <a href="${site.base}/api/openapi.json">the OpenAPI document</a>.</p>

<h2 id="addresses">Addresses</h2>
<dl class="pairs">
<dt><code>/name</code></dt><dd>a page for browsers, the bytes for everything else</dd>
<dt><code>/name.py</code></dt><dd>the same, highlighted as Python (or the language of another ending)</dd>
<dt><code>/name#L10-L20</code></dt><dd>with these lines selected</dd>
<dt><code>/raw/name</code></dt><dd>the bytes, always</dd>
<dt><code>/download/name</code></dt><dd>the bytes as a file</dd>
<dt><code>/qr/name</code></dt><dd>the address as a QR code</dd>
</dl>

<h2 id="read-once">Read once</h2>
<p>Such a paste has a button on its page, and pressing it shows the content for the first and last time. Programs send a POST; opening the address, previews and retries use nothing up.</p>
<pre class="example" tabindex="0" role="region" aria-label="Reading once">curl -T key.pem '${url}/?burnAfterReading=true'
curl -X POST ${url}/api/v1/pastes/my-key/claim</pre>

<h2 id="limits">Limits</h2>
<dl class="pairs">
<dt>Size</dt><dd>1 byte to ${most}</dd>
<dt>Name</dt><dd>3 to 64 letters, digits, <code>_</code> or <code>-</code>; capital and small letters differ</dd>
<dt>Ends</dt><dd>${preset} if you say nothing; from ${spanWords(minExpiryMs)} to ${longest}</dd>
</dl>

<h2 id="operating">How it is doing</h2>
<p>For who runs this service: <a href="${site.base}/performance">its performance</a> and <a href="${site.base}/stats">its pastes in figures</a>, behind the admin token where one is set. How often a paste of yours was viewed is told from <a href="${site.base}/mine">My pastes</a>.</p>

<h2 id="keys">Keys</h2>
<dl class="pairs">
<dt><kbd>?</kbd></dt><dd>the keys of the page you are on</dd>
<dt><kbd>Ctrl ⏎</kbd></dt><dd>post (⌘ ⏎ on a Mac)</dd>
<dt><kbd>Tab</kbd></dt><dd>indent in the form; <kbd>Esc</kbd>, then <kbd>Tab</kbd> leaves the text</dd>
<dt><kbd>g</kbd></dt><dd>on a paste: go to a line, or select lines</dd>
<dt><kbd>c</kbd> <kbd>w</kbd> <kbd>r</kbd> <kbd>p</kbd></dt><dd>on a paste: copy, wrap, raw, new</dd>
<dt><kbd>/</kbd> <kbd>n</kbd> <kbd>N</kbd></dt><dd>on a large paste: find in all lines, next, previous</dd>
<dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>on a plot: the values of the time before, after; with <kbd>Shift</kbd> ten at once</dd>
</dl>
</main>`,
  })
}
