import { isAppUrl } from './app-origin.ts'

function stay(details: { url: string; preventDefault(): void }): void {
  if (!isAppUrl(details.url)) details.preventDefault()
}

/**
 * Keeps a page where it is: no navigation away from the app, no second window, no embedded page.
 * Addresses that a click would have opened go to `openLink`, which asks the person.
 */
export function lockNavigation(contents: Electron.WebContents, openLink: (url: string) => void): void {
  contents.on('will-navigate', stay)
  contents.on('will-frame-navigate', (details) => {
    if (!details.isMainFrame || !isAppUrl(details.url)) details.preventDefault()
  })
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('select-bluetooth-device', (event, _devices, answer) => {
    event.preventDefault()
    answer('')
  })
  contents.setWindowOpenHandler(({ url }) => {
    if (!isAppUrl(url)) openLink(url)
    return { action: 'deny' }
  })
}
