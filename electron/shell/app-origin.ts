/** The only origin whose documents the app shows. */
export const appScheme = 'app'
export const appHost = 'mnemoscope'
export const appOrigin = `${appScheme}://${appHost}`

/** True for an address of the app's own pages. Compared as text: URL parsers differ on custom schemes. */
export function isAppUrl(url: string): boolean {
  return url === appOrigin || url.startsWith(`${appOrigin}/`)
}
