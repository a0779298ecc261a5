// Makes the pictures of the README: `node test/browser/screenshots.ts` writes form.png, paste.png, viewer.png
// and performance.png (of example figures) to .github.
import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '../services/index.ts'
import { startFigureSite } from './figure-site.ts'
import { largePaste, postBytes } from './large-paste.ts'
import { startSite } from './site.ts'

const folder = fileURLToPath(new URL('../../.github/', import.meta.url))
const source = await readFile(new URL('../../src/expiry/policy.ts', import.meta.url), 'utf8')
const [browser, site, figures] = await Promise.all([launchBrowser(), startSite(), startFigureSite()])
try {
  await mkdir(folder, { recursive: true })
  const page = await browser.newPage({ viewport: { width: 1200, height: 720 } })
  // The real address would be a port of this machine.
  const showExample = () =>
    page.evaluate(() => {
      const prefix = document.querySelector('.prefix')
      if (prefix) prefix.textContent = 'paste.example/'
    })

  await page.goto(site.url)
  await page.fill('#content', source)
  await page.fill('#slug', 'expiry-policy')
  await page.getByText('✓ free').waitFor()
  await showExample()
  await page.evaluate(() => document.querySelector('textarea')?.scrollTo(0, 0))
  await page.screenshot({ path: `${folder}form.png` })

  await page.click('summary')
  await page.fill('#title', 'policy.ts')
  await page.click('#post')
  await page.waitForSelector('.address-field')
  await page.setViewportSize({ width: 1200, height: 600 })
  await page.goto(`${site.url}/expiry-policy#L18-L22`, { waitUntil: 'load' })
  await page.locator('.line.selected').first().waitFor()
  await page.evaluate(() => scrollTo(0, 0))
  await page.screenshot({ path: `${folder}paste.png` })

  const log = await postBytes(site.url, largePaste().bytes, 'fileName=build.log')
  await page.goto(`${site.url}${log}#L400000`, { waitUntil: 'load' })
  await page.locator('[data-line="400000"] .hljs-comment').first().waitFor()
  await page.keyboard.press('Escape')
  await page.fill('#find-text', 'attempt=3 backoff=39ms')
  await page.getByText(/^\d+ of \d+$/).waitFor()
  await page.screenshot({ path: `${folder}viewer.png` })

  // Without scripts, which would look for the live figures of a service.
  const still = await browser.newPage({ viewport: { width: 1200, height: 720 }, javaScriptEnabled: false })
  await still.goto(`${figures.url}/performance?range=24h`)
  await still.screenshot({ path: `${folder}performance.png` })
} finally {
  await browser.close()
  await Promise.all([site.stop(), figures.stop()])
}
