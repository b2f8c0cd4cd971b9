import { cp } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { startApp, type RunningApp } from './app.ts'
import { openPage, type OpenPage, type PageOptions } from './chromium.ts'
import { temporaryFolder } from './fixtures.ts'
import { openConnection } from './open-connection.ts'
import { removeTemporary } from './remove-temporary.ts'

export interface StorePageOptions extends PageOptions {
  /** The store, of which the app opens a copy. */
  readonly source: string
  /** The name of the collection that `collection` tells of. */
  readonly name: string
  readonly args?: readonly string[]
  /** What else is done before the first test. */
  readonly prepare?: (opened: StorePage) => Promise<void>
}

export interface StorePage {
  readonly app: RunningApp
  readonly window: OpenPage
  readonly page: Page
  readonly collection: { readonly connectionId: string; readonly collectionId: string }
}

/**
 * An app and a page on a copy of a store, for all tests of the describe that it is called in. A test that is tried again begins with
 * a new copy, app and page, since it may have failed half-way: so each test makes whatever it needs itself.
 */
export function useStorePage({ source, name, args = [], prepare, ...pageOptions }: StorePageOptions): () => StorePage {
  let opened: StorePage | null = null
  const closing: (() => Promise<void>)[] = []

  async function open(): Promise<void> {
    const folder = await temporaryFolder('store-page')
    closing.push(() => removeTemporary(folder))
    await cp(source, folder, { recursive: true })
    const app = await startApp({ directory: folder, args })
    closing.push(() => app.stop())
    const { connectionId, collections } = await openConnection(app)
    const window = await openPage(app, pageOptions)
    closing.push(() => window.close())
    opened = { app, window, page: window.page, collection: { connectionId, collectionId: collections.get(name) ?? '' } }
    await window.page.getByRole('treeitem').nth(1).waitFor()
    await prepare?.(opened)
  }
  async function close(): Promise<void> {
    opened = null
    for (const step of closing.splice(0).toReversed()) await step()
  }

  beforeAll(open)
  beforeEach(async ({ task }) => {
    if ((task.result?.retryCount ?? 0) === 0) return
    await close()
    await open()
  })
  afterAll(close)
  return () => {
    if (opened === null) throw new Error('No page is open between two tests.')
    return opened
  }
}
