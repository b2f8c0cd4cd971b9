import { log } from '../platform/log.ts'

/**
 * Tells when the process that draws the window ended or hangs, and loads the window again where the person wants that.
 * The core lives in another process, so what is open stays open.
 */
export function recoverFromCrashes(window: Electron.BrowserWindow, offerReload: (message: string) => Promise<boolean>): void {
  let asking = false
  async function offer(message: string, otherwise: () => void): Promise<void> {
    if (asking || window.isDestroyed()) return
    asking = true
    const again = await offerReload(message).finally(() => (asking = false))
    if (window.isDestroyed()) return
    if (again) window.webContents.reload()
    else otherwise()
  }
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    log.error(`The window's process ended: ${reason} (${exitCode})`)
    void offer(`The window stopped working (${reason}).`, () => window.destroy())
  })
  window.on('unresponsive', () => {
    log.warn('The window does not answer.')
    void offer('The window does not answer.', () => window.destroy())
  })
  window.webContents.on('preload-error', (_event, _file, error) => log.error('The preload failed', error))
}
