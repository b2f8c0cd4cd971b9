import { setTimeout as wait } from 'node:timers/promises'
import { log } from '../../platform/log.ts'
import { holderWords, openFiles } from '../open-files/open-files.ts'
import type { StoreStatus } from '../store.ts'

type Opened = Pick<StoreStatus, 'openedBy' | 'openedByUnknown'>

/** Milliseconds that an answer serves. Other programs are run for it everywhere but on Linux. */
const lasts = process.platform === 'linux' ? 3000 : 30_000
/** Nobody who asks how a store is open waits longer than this for who else has it open. */
const patience = 400

/** Who else has a store open, as far as it is known by now. */
export class Openers {
  readonly #directory: string
  #looked: { readonly at: number; readonly answer: Promise<Opened> } | null = null

  constructor(directory: string) {
    this.#directory = directory
  }

  async look(): Promise<Opened> {
    const now = Date.now()
    if (!this.#looked || now - this.#looked.at > lasts) this.#looked = { at: now, answer: this.#ask() }
    const later = wait(patience, { openedBy: [], openedByUnknown: 'Not known yet: the running programs are still looked through.' })
    return Promise.race([this.#looked.answer, later])
  }

  async #ask(): Promise<Opened> {
    try {
      const { holders, unknown } = await openFiles(this.#directory, new Set([process.pid]))
      return { openedBy: holders.map(holderWords), openedByUnknown: unknown }
    } catch (error) {
      log.warn('It is not known who has a store open', error)
      return { openedBy: [], openedByUnknown: 'Not known: the folder cannot be looked into.' }
    }
  }
}
