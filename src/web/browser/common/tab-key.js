/**
 * Lets Tab indent in a text area: Tab inserts a tab or indents the selected lines, Shift+Tab takes an indent away.
 * Esc gives the next Tab back to the keyboard user who wants to leave (WCAG 2.1.2, no keyboard trap).
 * @param {HTMLTextAreaElement} area
 */
export function takeTabs(area) {
  let leaving = false
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') leaving = true
    else if (event.key !== 'Tab' && event.key !== 'Shift') leaving = false
    if (event.key !== 'Tab' || leaving || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    const { selectionStart: start, selectionEnd: end, value } = area
    const oneLine = !value.slice(start, end).includes('\n')
    if (oneLine && !event.shiftKey) return insert('\t')
    const from = value.lastIndexOf('\n', start - 1) + 1
    const block = value.slice(from, end)
    const changed = event.shiftKey ? block.replace(/^(\t| {1,4})/gm, '') : block.replace(/^(?=.)/gm, '\t')
    if (changed === block) return
    area.setSelectionRange(from, end)
    insert(changed)
    area.setSelectionRange(from, from + changed.length)
  })
  area.addEventListener('blur', () => {
    leaving = false
  })

  /** @param {string} text */
  function insert(text) {
    // The old command is the only one that keeps the browser's undo history.
    if (!document.execCommand('insertText', false, text))
      area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end')
  }
}
