/**
 * The only policy the renderer ever runs under, in either shell: everything comes from the app itself, nothing is
 * fetched from elsewhere, and no text of a store can become a script.
 * `connect` adds what scripts may talk to besides the page's own origin, such as `ws://127.0.0.1:4173`.
 */
export function contentSecurityPolicy(connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    // WebAssembly may be compiled; JavaScript may not be made of text.
    "script-src 'self' 'wasm-unsafe-eval'",
    // The code editor and virtual lists write style elements and attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...connect].join(' '),
    "worker-src 'self'",
    "manifest-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
