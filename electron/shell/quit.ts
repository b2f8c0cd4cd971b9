import { log } from '../platform/log.ts'
import type { ElectronApi } from './electron-api.ts'

/** The longest the app waits for workers and engines to end, in milliseconds. */
const patience = 5000

/** Quits with the last window, on Ctrl-C and on the system's request, and closes the core before. */
export function endInOrder(app: ElectronApi['app'], close: () => Promise<void>): void {
  let state: 'running' | 'closing' | 'closed' = 'running'
  app.on('window-all-closed', () => app.quit())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
  // A parent that started it with a channel takes it along when it ends, however it ends.
  if (process.send) process.on('disconnect', () => app.quit())
  app.on('before-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    state = 'closing'
    const late = new Promise<void>((resolve) => setTimeout(resolve, patience))
    void Promise.race([close(), late])
      .catch((error: unknown) => log.error('The app could not end in order', error))
      .finally(() => {
        state = 'closed'
        app.quit()
      })
  })
}
