import type { AppEvent } from '../shared/contract/events.ts'

type Listener = (event: AppEvent) => void

const mostWaiting = 20

/** Tells every window what happened. Notices and navigation wait for the first window; the rest is in its first answers. */
export class EventHub {
  readonly #listeners = new Set<Listener>()
  #waiting: AppEvent[] = []

  tell(event: AppEvent): void {
    const mustBeHeard = event.type === 'notice' || event.type === 'navigate'
    if (this.#listeners.size === 0 && mustBeHeard) this.#waiting = [...this.#waiting, event].slice(-mostWaiting)
    for (const listener of this.#listeners) listener(event)
  }

  /** Subscribe when the window can hear: what waited is told at once. Returns how to stop listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    for (const event of this.#waiting.splice(0)) listener(event)
    return () => void this.#listeners.delete(listener)
  }
}
