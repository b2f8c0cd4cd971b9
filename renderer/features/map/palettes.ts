export type Rgb = readonly [red: number, green: number, blue: number]

function rgb(hex: number): Rgb {
  return [hex >> 16, (hex >> 8) & 255, hex & 255]
}

/** Categories that have a colour of their own; all others share one. */
export const coloursOfCategories = 10

/**
 * Colours of categories, most frequent first. Okabe and Ito 2008 ("Color Universal Design"), with its yellow darkened on white
 * and without its black, then three of Tol's muted scheme (2021).
 */
export const categoryColours: Record<'light' | 'dark', readonly Rgb[]> = {
  light: [0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xe69f00, 0xb8a900, 0x332288, 0x882255, 0x999933].map(rgb),
  dark: [0x56b4e9, 0xe69f00, 0x009e73, 0xcc79a7, 0xf0e442, 0xd55e00, 0x2f8fd0, 0x88ccee, 0xdd6c8c, 0xb6b24a].map(rgb),
}

/** For all other categories, and for points without a value. */
export const otherColour: Record<'light' | 'dark', Rgb> = { light: rgb(0x8b93a1), dark: rgb(0x707986) }
/** For other groups of duplicates, which are no less groups than those with a colour. */
export const otherGroupColour: Record<'light' | 'dark', Rgb> = { light: rgb(0x4a5260), dark: rgb(0xaeb6c4) }
export const missingColour: Record<'light' | 'dark', Rgb> = { light: rgb(0xc3c8d0), dark: rgb(0x454b55) }

/** Sixteen equidistant colours of viridis (Smith and van der Walt 2015). */
const viridis = [
  0x440154, 0x481a6c, 0x472f7d, 0x414487, 0x39568c, 0x31688e, 0x2a788e, 0x23888e, 0x1f988b, 0x22a884, 0x35b779, 0x54c568, 0x7ad151,
  0xa5db36, 0xd2e21b, 0xfde725,
].map(rgb)

/** From far below the threshold to far above it: purple, neutral, orange (ColorBrewer's PuOr). */
const diverging: Record<'light' | 'dark', readonly Rgb[]> = {
  light: [0x542788, 0x8073ac, 0xb2abd2, 0xd5d6de, 0xfdb863, 0xe08214, 0xb35806].map(rgb),
  dark: [0x7a5cb5, 0x7468a3, 0x5c5876, 0x4a4d55, 0xa5713a, 0xe08214, 0xffb35c].map(rgb),
}

/** The same for thresholds, which may be missing: without the pale middle, which would look like a point without a value. */
const divergingThresholds: Record<'light' | 'dark', readonly Rgb[]> = {
  light: [0x542788, 0x6a4fa3, 0x6e6a92, 0x666b78, 0xa1713d, 0xd27a14, 0xb35806].map(rgb),
  dark: [0x8f6fd0, 0x8f82c4, 0x918fab, 0x9499a3, 0xbf9566, 0xe89530, 0xffb35c].map(rgb),
}

function between(stops: readonly Rgb[], share: number): Rgb {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1)
  const at = Math.min(stops.length - 2, Math.floor(place))
  const [from, to] = [stops[at] ?? [0, 0, 0], stops[at + 1] ?? [0, 0, 0]]
  const part = place - at
  const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] + (to[channel] - from[channel]) * part)
  return [mix(0), mix(1), mix(2)]
}

/** Colour of a quantity. @param share 0 for the least to 1 for the most */
export function quantityColour(share: number): Rgb {
  return between(viridis, share)
}

/** Colour of a similarity. @param share 0 for far below the threshold, 0.5 at it, 1 for far above */
export function similarityColour(theme: 'light' | 'dark', share: number): Rgb {
  return between(diverging[theme], share)
}

/** Colour of a threshold. @param share 0 for far below the one in force, 0.5 for the same, 1 for far above */
export function thresholdColour(theme: 'light' | 'dark', share: number): Rgb {
  return between(divergingThresholds[theme], share)
}

/** As CSS writes it. */
export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`
}
