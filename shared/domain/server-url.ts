/** An address of a server as it is kept, or what is wrong with what was typed, and the way out. */
export type ServerUrl = { readonly url: string } | { readonly problem: string; readonly remedy: string }

const example = 'Write an address such as http://localhost:8000.'

/**
 * Reads the address of a Chroma server as people write it: `localhost:8000` is one too, and what stands before `/api/v2` is kept.
 * Without a slash at the end.
 */
export function readServerUrl(typed: string): ServerUrl {
  const text = typed.trim()
  if (text === '') return { problem: 'The address of the server is missing.', remedy: example }
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  if (/\s/.test(whole) || !URL.canParse(whole)) return { problem: `${JSON.stringify(text)} is no address of a server.`, remedy: example }
  const { protocol, username, password, search, hash, origin, pathname } = new URL(whole)
  if (protocol !== 'http:' && protocol !== 'https:') {
    return { problem: `A Chroma server is reached by http or https, not by ${protocol.slice(0, -1)}.`, remedy: example }
  }
  if (username !== '' || password !== '') {
    return {
      problem: 'The address holds a user name or a password, which would be shown wherever the address is.',
      remedy: 'Leave it out of the address and send it as a token or header.',
    }
  }
  if (search !== '' || hash !== '') return { problem: 'The address of a server has no part that begins with ? or #.', remedy: example }
  return { url: `${origin}${pathname.replace(/\/+(?:api(?:\/v[12])?\/*)?$/, '')}` }
}
