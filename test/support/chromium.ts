import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { RunningApp } from './app.ts'

export interface PageOptions {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  /** Where to go, such as `/s/abc`; the welcome page where absent. */
  readonly route?: string
}

export interface OpenPage {
  readonly page: Page
  readonly browser: Browser
  /** Errors of the console and of scripts, and requests that failed or went elsewhere. */
  readonly problems: string[]
  close(): Promise<void>
}

/** The shell is the same engine without a window, which takes less to run. */
const installed = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser']
export const executablePath = process.env['CHROMIUM'] ?? installed.find((program) => existsSync(program)) ?? 'chromium'
/**
 * What the browser would do beside the tests. The last list of features counts, so it also has those that Playwright leaves out; the
 * two pop-ups of the address bar, which nobody sees, would take more than half of a start.
 */
const withoutFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
]
/** Nothing but what the tests ask for. */
export const args = [
  `--disable-features=${withoutFeatures.join(',')}`,
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

let running: Promise<Browser> | null = null

/** One for all pages of a process, which ends with it: to start one takes longer than many a test. */
function browserOfProcess(): Promise<Browser> {
  if (running) return running
  const started = chromium.launch({ executablePath, args })
  const forget = (): void => {
    running = null
  }
  started.then((browser) => browser.once('disconnected', forget), forget)
  running = started
  return started
}

/** Opens the app in a fresh context, which shares nothing with another, by a link of its own. */
export async function openPage(
  app: RunningApp,
  { width = 1280, height = 800, colorScheme = 'light', route = '' }: PageOptions = {},
): Promise<OpenPage> {
  const browser = await browserOfProcess()
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(`script: ${error.message}`))
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== app.origin) problems.push(`request elsewhere: ${request.url()}`)
  })
  await page.goto(`${await app.newLink()}${route}`)
  // A reload before the token of the link was exchanged would leave the page without either.
  await page.waitForFunction(() => localStorage.getItem('mnemoscope-session') !== null)
  return { page, browser, problems, close: () => context.close() }
}
