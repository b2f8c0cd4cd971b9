import { readFile } from 'node:fs/promises'
import { contentSecurityPolicy } from '../rpc/content-security-policy.ts'
import { findStaticFile } from '../rpc/static-file.ts'
import { appOrigin, appScheme, isAppUrl } from './app-origin.ts'

const safetyHeaders = {
  'Content-Security-Policy': contentSecurityPolicy(),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: safetyHeaders })
}

/** Makes app:// a proper origin. To be called before the app is ready. */
export function registerAppScheme(protocol: Electron.Protocol): void {
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
}

/** Path of an app:// address as it is written, or null for another host or scheme. Not decoded, so nothing hides in it. */
function pathOf(url: string): string | null {
  return url.startsWith(`${appOrigin}/`) ? (url.slice(appOrigin.length).split(/[?#]/, 1)[0] ?? null) : null
}

/** Answers one request for a file of the renderer in `directory`. Never rejects. */
export async function answerAppRequest(request: Pick<Request, 'url' | 'method'>, directory: string): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405)
  const wanted = pathOf(request.url)
  const found = wanted === null ? null : await findStaticFile(directory, wanted)
  if (found === null) return refuse(404)
  try {
    const body = request.method === 'HEAD' ? null : new Uint8Array(await readFile(found.file))
    return new Response(body, { headers: { ...safetyHeaders, 'Content-Type': found.contentType } })
  } catch {
    return refuse(404)
  }
}

/** True for what a page may load: the app itself and data it made; the developer tools where they can be opened. */
export function mayLoad(url: string, packaged: boolean): boolean {
  return isAppUrl(url) || /^(?:data|blob):/i.test(url) || (!packaged && url.startsWith('devtools://'))
}

export interface ServeAppOptions {
  readonly directory: string
  readonly packaged: boolean
}

/** Serves the renderer at app:// and cuts every other way to load something, file:// and the network included. */
export function serveApp(session: Electron.Session, { directory, packaged }: ServeAppOptions): void {
  session.protocol.handle(appScheme, (request) => answerAppRequest(request, directory))
  session.protocol.handle('file', () => refuse(403))
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !mayLoad(details.url, packaged) }))
}
