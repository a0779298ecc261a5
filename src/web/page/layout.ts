import { html } from 'ghtml'
import type { Assets } from './assets.ts'
import type { WebLimits } from './deps.ts'
import { ICONS } from './icons.ts'

/** What every page is rendered with. */
export type Site = {
  brandName: string
  assets: Assets
  publicUrl(): string
  /** The path below which the service lives, such as `/paste`; empty at the root. Every address on a page begins with it. */
  base: string
  limits: WebLimits
}

/** What every page, also one about a problem, is rendered with. */
export type PageSite = Pick<Site, 'brandName' | 'assets' | 'base'>

/** One page: its title (without the brand), its parts, and the files of `public/` that it uses beside the base. */
export type PageParts = {
  title: string
  body: string
  styles?: readonly string[]
  /** The module that the page starts, if any. */
  script?: string
  /** Whether search engines may list it. */
  indexed?: boolean
  /** A class on `<body>`. */
  kind?: string
}

/** A whole HTML document. `body` and everything in it is HTML already. */
export function renderDocument(site: PageSite, parts: PageParts): string {
  const { assets, brandName } = site
  const styles = [
    'base.css',
    'controls.css',
    ...(parts.kind?.startsWith('paste') ? [] : ['top.css']),
    ...(parts.styles ?? []),
  ]
  const [script, ...preloads] = parts.script === undefined ? [] : assets.modules(parts.script)
  const title = parts.title === '' ? brandName : `${parts.title} · ${brandName}`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="color-scheme" content="light dark">
!${parts.indexed ? '' : '<meta name="robots" content="noindex">\n'}<script src="${assets.path('theme.js')}"></script>
<link rel="stylesheet" href="${assets.styles(styles)}">
!${preloads.map((path) => `<link rel="modulepreload" href="${path}">\n`).join('')}<link rel="icon" href="${site.base}/favicon.svg" type="image/svg+xml">
!${script === undefined ? '' : `<script type="module" src="${script}"></script>\n`}</head>
<body class="${parts.kind ?? 'document'}">
<a class="skip" href="#main">Skip to the content</a>
!${parts.body}
</body>
</html>
`
}

/** The line at the top of every page but a paste's own. `here` is the path of the current page. */
export function renderHeader(site: Pick<Site, 'brandName' | 'base'>, here: string): string {
  const link = (path: string, label: string) =>
    html`<a href="${site.base}${path}"!${path === here ? ' aria-current="page"' : ''}>${label}</a>`
  return html`<header class="top">
<a class="brand" href="${site.base}/">!${ICONS.mark}<span>${site.brandName}</span></a>
<nav aria-label="Main">!${link('/recent', 'Recent')}!${link('/mine', 'My pastes')}!${link('/help', 'Help')}!${renderThemeSwitch()}</nav>
</header>`
}

/** The switch between light and dark; shown only where scripts run. */
export function renderThemeSwitch(): string {
  return `<button type="button" class="quiet icon-only scripted" data-theme-switch aria-label="Switch between light and dark" title="Switch between light and dark">${ICONS.theme}</button>`
}
