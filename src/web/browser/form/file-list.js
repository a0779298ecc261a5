import { sizeWords } from '../../shared/words.js'
import { element } from '../common/dom.js'
import { giveUp, stoppedAt } from './resumable-upload.js'

const SMALL_TEXT_BYTES = 256 * 1024
/** From here on a text area takes seconds for each change. */
const LARGE_TEXT_LENGTH = 1024 * 1024

/**
 * Files that were dropped, pasted or chosen, as chips under the text.
 * @param {{ drop: HTMLElement, choose: HTMLInputElement, list: HTMLElement, area: HTMLTextAreaElement,
 *   maxBytes: number, refuse: (words: string) => void, changed: () => void,
 *   resumable: (fields: Record<string, string | boolean>) => void }} parts `resumable` shows the options of an upload
 */
export function watchFiles({ drop, choose, list, area, maxBytes, refuse, changed, resumable }) {
  /** @type {{ id: number, file: File, chip: HTMLElement }[]} */
  const entries = []
  let lastId = 0
  /** The name of the file whose text was put into the text area. */
  let textName = ''

  choose.addEventListener('change', () => {
    add([...(choose.files ?? [])])
    choose.value = ''
  })
  area.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    const files = [...(event.clipboardData?.files ?? [])]
    if (text.length > LARGE_TEXT_LENGTH) files.push(new File([text], 'pasted.txt', { type: 'text/plain' }))
    if (files.length === 0) return
    event.preventDefault()
    add(files)
  })
  // The whole window takes the drop: missing the field must not make the browser leave the page.
  for (const name of ['dragenter', 'dragover', 'dragleave', 'drop'])
    addEventListener(name, (event) => {
      const { dataTransfer, type, relatedTarget } = /** @type {DragEvent} */ (event)
      if (!dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      drop.classList.toggle('over', type !== 'drop' && !(type === 'dragleave' && relatedTarget === null))
      if (type === 'drop') add([...dataTransfer.files])
    })

  /** @param {File[]} files */
  async function add(files) {
    for (const file of files) {
      if (file.size > maxBytes)
        refuse(`${file.name} is ${sizeWords(file.size)}. A paste is ${sizeWords(maxBytes)} at most.`)
      else if (file.size === 0) refuse(`${file.name} is empty, or a folder. Choose files that hold something.`)
      else if (files.length === 1 && (await fillText(file))) textName = file.name
      else addChip(file)
    }
    changed()
  }

  /** @param {File} file @returns {Promise<boolean>} whether the text area now holds the file */
  async function fillText(file) {
    if (area.value !== '' || entries.length > 0 || file.size > SMALL_TEXT_BYTES) return false
    const bytes = await file.arrayBuffer()
    try {
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
      // A text area would change CR LF and can't hold NUL: then the file itself is posted.
      if (/[\r\0]/.test(text)) return false
      area.value = text
      area.setSelectionRange(0, 0)
      return true
    } catch {
      return false
    }
  }

  /** @param {File} file */
  function addChip(file) {
    const remove = () => {
      entries.splice(
        entries.findIndex((entry) => entry.chip === chip),
        1,
      )
      if (chip.nextElementSibling?.matches('.notice')) chip.nextElementSibling.remove()
      chip.remove()
      changed()
      area.focus()
    }
    const chip = element(
      'li',
      { class: 'chip' },
      element('span', { class: 'chip-name' }, file.name || 'file'),
      element('span', { class: 'muted small' }, sizeWords(file.size)),
      element(
        'button',
        { type: 'button', class: 'quiet icon-only', 'aria-label': `Remove ${file.name}`, click: remove },
        '✕',
      ),
    )
    entries.push({ id: ++lastId, file, chip })
    list.append(chip)
    void offerToResume(file, chip)
  }

  /**
   * Says so where an earlier upload of a file was not finished.
   * @param {File} file
   * @param {HTMLElement} chip
   */
  async function offerToResume(file, chip) {
    const stopped = await stoppedAt(file)
    if (!stopped || !chip.isConnected) return
    if (entries.length === 1) resumable(stopped.fields)
    const startOver = element('button', { type: 'button' }, 'Start over')
    const amount = `${sizeWords(stopped.sentBytes)} of ${sizeWords(file.size)}`
    const words = `Its upload stopped at ${amount}. Post resumes it; with other options it begins anew. `
    const offer = element('li', { class: 'notice small', role: 'status' }, words, startOver)
    startOver.addEventListener('click', async () => {
      offer.remove()
      area.focus()
      await giveUp(file)
    })
    chip.after(offer)
  }

  return { entries, textName: () => (area.value === '' ? '' : textName) }
}
