// A classic script in <head>: it runs before the first paint, so a remembered choice never flashes.
;(() => {
  const root = document.documentElement
  root.classList.add('scripts')
  if (/^#L\d/.test(location.hash)) root.classList.add('addressed')
  try {
    const theme = localStorage.getItem('theme')
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
    const wrap = localStorage.getItem('wrap')
    if (wrap === 'on' || wrap === 'off') root.dataset.wrap = wrap
  } catch {
    // Storage may be forbidden: the system's choice stands.
  }
})()
