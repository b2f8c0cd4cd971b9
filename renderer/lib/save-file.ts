import type { Client } from '../rpc/client.ts'

/** Hands a file to the browser, which saves it where the person keeps downloads. */
function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has its own hold on the content once it began.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/**
 * Saves a file: on the desktop where the system's dialog says, since its window takes no downloads, and in a browser as a download.
 * False where the person cancelled.
 * @throws AppError where it could not be written
 */
export async function saveFile(client: Client, name: string, content: Blob): Promise<boolean> {
  const { nativeDialogs } = await client.call('app.info', {})
  if (!nativeDialogs) {
    download(name, content)
    return true
  }
  const { saved } = await client.call('app.saveFile', { name, content: new Uint8Array(await content.arrayBuffer()) })
  return saved
}
