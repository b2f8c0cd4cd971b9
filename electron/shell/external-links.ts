import { log } from '../platform/log.ts'

const longest = 2048
const web = new Set(['http:', 'https:'])
/* oxlint-disable-next-line no-control-regex */
const hidden = /[\u0000-\u0020\u007F-\u00A0\u200B-\u200F\u2028-\u202F\u2060-\u206F\uFEFF\\]/

/**
 * The address in the form that would be opened, or null where it must not be: only http, https and mailto, complete,
 * without a user name or password, without invisible characters.
 */
export function externalAddress(text: string): string | null {
  if (text.length > longest || hidden.test(text) || !/^(?:https?:\/\/[^/]|mailto:[^/])/i.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  if (url.protocol === 'mailto:') return /^[^?#,;%@]+@[^?#,;%@]+$/.test(url.pathname) && url.search === '' ? url.href : null
  return web.has(url.protocol) && url.hostname !== '' && url.username === '' && url.password === '' ? url.href : null
}

export interface ExternalLinksOptions {
  /** Shows the whole address and asks; false where the person says no. */
  readonly confirm: (address: string) => Promise<boolean>
  readonly open: (address: string) => Promise<void>
}

/** The only way out to another program. One question at a time: addresses that come while one is open are dropped. */
export function createExternalLinks({ confirm, open }: ExternalLinksOptions): (url: string) => Promise<boolean> {
  let asking = false
  return async (url) => {
    const address = externalAddress(url)
    if (address === null || asking) return false
    asking = true
    try {
      if (!(await confirm(address))) return false
      await open(address)
      return true
    } catch (error) {
      log.warn('A link could not be opened', error)
      return false
    } finally {
      asking = false
    }
  }
}
