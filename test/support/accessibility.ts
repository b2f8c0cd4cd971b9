import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** When no colour is on its way to another one any more. What inherits a colour that changes starts later, so twice. */
async function settled(page: Page): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    await page.waitForTimeout(100)
    await expect
      .poll(() => page.evaluate(() => document.getAnimations().filter((animation) => animation instanceof CSSTransition).length), {
        timeout: 10_000,
      })
      .toBe(0)
  }
}

/** Findings of axe that are serious or critical, in the light theme and in the dark one, each with its element. */
export async function seriousFindings(page: Page): Promise<string[]> {
  const found: string[] = []
  // Evaluated and not added as a script, which the content security policy rightly refuses.
  await page.evaluate(axe.source)
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe(colorScheme)
    await settled(page)
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    found.push(...serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${colorScheme}: ${id}: ${html.slice(0, 160)}`)))
  }
  return found
}
