import { html } from 'ghtml'
import { renderKeySwitch } from '../page/index.ts'

/** What kind of page the dialogs stand on: readings counted, or a large paste in its viewer. */
export type DialogsOf = { counted: boolean; windowed: boolean }

/** What appears over a paste's page: the bubble of selected lines, going to a line, the keys, the QR code. */
export function renderDialogs({ counted, windowed }: DialogsOf): string {
  const link = '<button type="button" id="copy-link">Copy link</button>'
  const close = '<form method="dialog"><button>Close</button></form>'
  return html`<div class="bubble" id="bubble" role="group" aria-label="Selected lines" hidden><button type="button" id="copy-lines">Copy lines</button>!${counted ? '' : link}</div>
<dialog id="go-to" class="dialog"><form method="dialog"><label for="go-to-lines">Line, or lines such as 10-20</label><input id="go-to-lines" inputmode="numeric" autocomplete="off" pattern="\s*\d+(\s*-\s*\d+)?\s*"><button class="primary">Go</button></form></dialog>
<dialog id="shortcuts" class="dialog" aria-labelledby="shortcuts-title"><h2 id="shortcuts-title">Keys</h2><dl class="keys">!${renderKeys({ counted, windowed })}</dl>!${renderKeySwitch()}!${close}</dialog>
<dialog id="qr" class="dialog" aria-label="QR code">!${close}</dialog>
<p id="announce" class="unseen" role="status"></p>`
}

function renderKeys({ counted, windowed }: DialogsOf): string {
  const keys: [string[], string][] = [
    ...(windowed
      ? ([
          [['/'], 'find in all lines'],
          [['n', 'N'], 'next, previous line found; Enter, Shift Enter too'],
          [['Space', 'PgUp', 'PgDn'], 'a screen down, up, down'],
          [['Home', 'End'], 'first, last line'],
        ] as [string[], string][])
      : []),
    [['g'], 'go to a line, or select lines'],
    [['Shift ↑', 'Shift ↓'], 'grow or shrink the selected lines'],
    [['c'], 'copy the selected lines, or all'],
    [['w'], 'wrap long lines'],
    ...(counted ? [] : ([[['r'], 'raw']] as [string[], string][])),
    [['p'], 'new paste'],
    [['Esc'], 'select nothing, close'],
    [['?'], 'this list'],
  ]
  return keys
    .map(([names, does]) => `<dt>${names.map((name) => `<kbd>${name}</kbd>`).join(' ')}</dt><dd>${does}</dd>`)
    .join('')
}
