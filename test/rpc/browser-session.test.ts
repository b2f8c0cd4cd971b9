import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'

let app: RunningApp
let first: OpenPage

beforeAll(async () => {
  app = await startApp()
  first = await openPage(app)
})
afterAll(async () => {
  await first?.close()
  await app?.stop()
})

/** Answers of the server to the page's own calls from now on, by status. */
function statuses(page: Page): number[] {
  const seen: number[] = []
  page.on('response', (response) => {
    if (response.url().includes('/rpc/')) seen.push(response.status())
  })
  return seen
}

async function answered(page: Page): Promise<void> {
  await page.waitForResponse((response) => response.url().endsWith('/rpc/app.info') && response.status() === 200)
}

test('the link opens the app, and its token leaves the address', async () => {
  const { page, problems } = first
  await page.waitForFunction(() => !location.href.includes('token'))
  await expect.poll(() => page.evaluate(() => document.title)).toContain('Mnemoscope')
  expect(new URL(page.url()).origin).toBe(app.origin)
  expect(problems).toEqual([])
})

test('a reload and a second tab have access without a token', async () => {
  const { page, problems } = first
  await Promise.all([answered(page), page.reload()])
  const second = await page.context().newPage()
  const seen = statuses(second)
  await Promise.all([answered(second), second.goto(`${app.origin}/#/`)])
  expect(seen.filter((status) => status !== 200)).toEqual([])
  await second.close()
  expect(problems).toEqual([])
})

test('a route behind the token is where the page goes', async () => {
  const page = await first.page.context().newPage()
  await page.goto(`${await app.newLink()}/s/no-such-connection`)
  await page.waitForFunction(() => location.hash === '#/s/no-such-connection')
  await page.close()
})

test('another browser is told what to do, with a used link and without one', async () => {
  const browser = first.browser
  for (const address of [app.origin, await usedLink()]) {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(address)
    await page.getByText('press Enter there for a new one').first().waitFor()
    expect(
      await page.evaluate(
        async () => (await fetch('/rpc/app.info', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })).status,
      ),
    ).toBe(401)
    await context.close()
  }
})

async function usedLink(): Promise<string> {
  const link = await app.newLink()
  const opened = await first.browser.newContext()
  const page = await opened.newPage()
  await Promise.all([answered(page), page.goto(link)])
  await opened.close()
  return link
}

test('a new link put into the address bar of an open page gives it access again', async () => {
  const context = await first.browser.newContext()
  const page = await context.newPage()
  await page.goto(app.origin)
  await page.getByText('press Enter there for a new one').first().waitFor()
  const link = await app.newLink()
  await Promise.all([answered(page), page.evaluate((hash) => void (location.hash = hash), new URL(link).hash)])
  expect(page.url()).not.toContain('token')
  await context.close()
})

test('what one page changes, the other pages hear of, and the page itself does not', async () => {
  const context = await first.browser.newContext()
  const page = await context.newPage()
  const frames: string[] = []
  let own: Record<string, string> = {}
  page.on('request', (request) => {
    if (request.url().includes('/rpc/')) own = request.headers()
  })
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => void frames.push(String(payload))))
  await page.goto(await app.newLink())
  await expect.poll(() => frames).toContain('{"ready":true}')
  await app.call('settings.setPreferences', { density: 'comfortable' })
  await expect.poll(() => frames.filter((frame) => frame.includes('settings.preferences'))).toHaveLength(1)

  const status = await page.evaluate(
    async ([key = '', name = '']) =>
      (
        await fetch('/rpc/settings.setPreferences', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-Mnemoscope-Session': key, 'X-Mnemoscope-Page': name },
          body: '{"density":"compact"}',
        })
      ).status,
    [own['x-mnemoscope-session'] ?? '', own['x-mnemoscope-page'] ?? ''],
  )
  expect(status).toBe(200)
  await app.call('connections.openSample', {}).then(({ jobId }) => app.call('jobs.cancel', { jobId }))
  await expect.poll(() => frames.filter((frame) => frame.includes('"jobs"')).length).toBeGreaterThan(0)
  expect(frames.filter((frame) => frame.includes('settings.preferences'))).toHaveLength(1)
  await context.close()
})

test('a page finds the server again after it was started anew on the same port, once it has a new link', async () => {
  const data = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-data-'))
  const before = await startApp({ data })
  const { page, close } = await openPage(before)
  await page.waitForFunction(() => !location.href.includes('token'))
  await before.stop()
  const after = await startApp({ data, args: ['--port', String(before.port)] })
  expect(after.port).toBe(before.port)
  const other = await page.context().newPage()
  // The first page takes over the session that the new link gives to this browser.
  const both = Promise.all([answered(other), answered(page)])
  await other.goto(await after.newLink())
  await both
  await close()
  await after.stop()
  await rm(data, { recursive: true, force: true })
})

test('text cannot become a script, and nothing is fetched from elsewhere', async () => {
  const context = await first.browser.newContext()
  const page = await context.newPage()
  await page.goto(await app.newLink())
  const outcome = await page.evaluate(async () => {
    const script = document.createElement('script')
    script.textContent = 'window.intruder = 1'
    document.body.append(script)
    const holder = document.createElement('div')
    holder.innerHTML = '<img src="data:image/png;base64,x" onerror="window.intruder = 2">'
    document.body.append(holder)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const refused = async (attempt: () => unknown): Promise<boolean> => {
      try {
        await attempt()
        return false
      } catch {
        return true
      }
    }
    return {
      intruder: 'intruder' in window,
      evaluation: await refused(() => (window as unknown as Record<string, (text: string) => unknown>)['eval']?.('1')),
      elsewhere: await refused(() => fetch('http://127.0.0.1:9/')),
    }
  })
  expect(outcome).toEqual({ intruder: false, evaluation: true, elsewhere: true })
  await context.close()
})
