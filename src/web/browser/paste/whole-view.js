/** @import { Lines, View } from '../paste-page/selection.js' */

/**
 * The view of a paste whose page holds all of its lines.
 * @param {HTMLElement} code the `<pre>` with one `.line` for each line
 * @param {() => Promise<string>} wholeText the content as it was pasted; rejects when it can't be had
 * @returns {View}
 */
export function wholeView(code, wholeText) {
  const rows = /** @type {HTMLCollectionOf<HTMLElement>} */ (code.getElementsByClassName('line'))

  code.addEventListener('click', (event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest('.show-all')
    if (!link) return
    event.preventDefault()
    link.closest('.line')?.classList.add('all')
  })

  const whole = () => wholeText().catch(() => Array.from(rows, lineText).join(''))

  return {
    element: code,
    count: rows.length,
    mark(lines) {
      for (const row of code.querySelectorAll('.selected')) row.classList.remove('selected')
      for (let number = lines?.first ?? 1; number <= (lines?.last ?? 0); number++)
        rows[number - 1]?.classList.add('selected')
    },
    reveal: ({ first, last }, where) =>
      rows[(where === 'nearest' ? last : first) - 1]?.scrollIntoView({ block: where }),
    text: ({ first, last }) =>
      whole().then((text) => (text.match(/[^\n]*\n|[^\n]+/g) ?? []).slice(first - 1, last).join('')),
    whole,
    place(bubble, { last }) {
      const row = rows[last - 1]
      if (row) bubble.style.top = `${row.offsetTop + row.offsetHeight + 4}px`
    },
    rewrap() {},
  }
}

/** @param {HTMLElement} row @returns {string} the line as pasted, its end included */
function lineText(row) {
  const parts = [...row.childNodes].filter((node) => !(node instanceof HTMLElement && node.className === 'show-all'))
  return parts.map((node) => node.textContent).join('')
}
