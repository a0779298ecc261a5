// 16 px, drawn with the text's colour; the caller puts a label beside it or on its button.
const icon = (path: string) =>
  `<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`

/** The handful of icons of the pages, as SVG text. */
export const ICONS = {
  mark: '<svg class="icon mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><rect class="mark-back" width="20" height="20" rx="4.5"/><path class="mark-lines" d="M5 6h10M5 10h7M5 14h9"/></svg>',
  theme: icon('<circle cx="8" cy="8" r="5.75"/><path d="M8 2.25v11.5a5.75 5.75 0 0 0 0-11.5z" fill="currentColor"/>'),
  more: icon('<path d="M3 8h.01M8 8h.01M13 8h.01" stroke-width="2.4"/>'),
  copy: icon(
    '<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 3.5v-.5A1 1 0 0 0 9.5 2h-6A1.5 1.5 0 0 0 2 3.5v6a1 1 0 0 0 1 1h.5"/>',
  ),
  raw: icon('<path d="M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5"/>'),
  download: icon('<path d="M8 2v8M4.75 7 8 10.25 11.25 7M2.5 13.5h11"/>'),
  up: icon('<path d="M3.5 10 8 5.5l4.5 4.5"/>'),
  down: icon('<path d="M3.5 6 8 10.5 12.5 6"/>'),
  wrap: icon('<path d="M2 3.5h12M2 8h9.5a2.25 2.25 0 0 1 0 4.5H8M9.75 10.5l-2 2 2 2M2 12.5h3"/>'),
} as const
