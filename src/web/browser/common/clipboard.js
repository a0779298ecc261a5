/**
 * Copies text. A promise is fine: the clipboard is asked for at once, while the click still counts as one.
 * @param {string | Promise<string>} text
 */
export async function copyText(text) {
  if (navigator.clipboard && typeof ClipboardItem === 'function') {
    const blob = Promise.resolve(text).then((value) => new Blob([value], { type: 'text/plain' }))
    await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })])
    // Chromium takes a byte order mark off a blob.
    const value = await text
    if (value.startsWith('\ufeff')) await navigator.clipboard.writeText(value)
    return
  }
  // Without TLS there is no clipboard interface, only the old command.
  const area = document.createElement('textarea')
  area.value = await text
  area.readOnly = true
  area.className = 'unseen'
  document.body.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (!copied) throw new Error('copying was refused')
}

/**
 * Copies, and shows on the button itself whether that worked.
 * @param {HTMLElement} button
 * @param {string | Promise<string>} text
 */
export async function copyWithButton(button, text) {
  const label = button.querySelector('span') ?? button
  const before = label.dataset.before ?? label.textContent ?? ''
  label.dataset.before = before
  try {
    await copyText(text)
    label.textContent = 'Copied'
  } catch {
    label.textContent = 'Not copied'
  }
  setTimeout(() => {
    label.textContent = before
  }, 2000)
}
