import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { contentSecurityPolicy } from './content-security-policy.ts'

/** Values of the Host header that mean this server and cannot be another name that resolves to it. */
function ownHosts(port: number): string[] {
  const names = ['127.0.0.1', '[::1]', 'localhost']
  return [...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])]
}

function headerCount(request: IncomingMessage, name: string): number {
  return request.rawHeaders.filter((header, index) => index % 2 === 0 && header.toLowerCase() === name).length
}

/**
 * Why a request is refused whoever sends it, or null. A page of another site can reach a loopback port: it is told
 * apart by a Host that is not this server (DNS rebinding), a foreign Origin, and the browser's own Sec-Fetch-Site.
 */
export function refusalOf(request: IncomingMessage, port: number): string | null {
  const { host, origin } = request.headers
  if (host === undefined || headerCount(request, 'host') !== 1 || !ownHosts(port).includes(host))
    return 'This server only answers to its own address.'
  if (origin !== undefined && (headerCount(request, 'origin') !== 1 || origin !== `http://${host}`))
    return 'Pages of other sites may not use this server.'
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return 'This address was followed from another page. Copy the link that Mnemoscope printed into the address bar.'
  }
  return request.url?.startsWith('/') ? null : 'This server is no proxy.'
}

/** Headers of every answer, whatever it is. */
export function securityHeaders(host: string | undefined): OutgoingHttpHeaders {
  return {
    'Content-Security-Policy': contentSecurityPolicy(host === undefined ? [] : [`ws://${host}`]),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
    'Cache-Control': 'no-store',
  }
}
