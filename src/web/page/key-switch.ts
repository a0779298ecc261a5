/** The switch for keys that act without Ctrl, in each list of keys; `page.js` gives it its meaning. */
export function renderKeySwitch(): string {
  return '<p class="scripted"><label class="check"><input type="checkbox" id="single-keys" checked> Letters and signs act without Ctrl</label></p>'
}
