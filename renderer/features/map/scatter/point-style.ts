/** How large and how dense points are drawn. */
export interface PointStyle {
  /** CSS pixels. */
  readonly radius: number
  /** Opacity of a single point, 0 to 1. */
  readonly opacity: number
  /** Exponent of the number of points on a pixel before their opacities add up, 0 to 1; below 1 single points stay visible beside dense places. */
  readonly exponent: number
}

/** Opacity that the densest places reach. */
const fullest = 0.96
/** Opacity that a single point of a picture with an exponent has at least. */
const faintest = 0.35
/** Largest radius in CSS pixels that a point grows to by zooming in. */
const largest = 6

/**
 * Radius and opacity for `count` points seen at `zoom` times the size at which all fit. Points shrink as they become more and
 * grow a little with the zoom. Their opacity is such that the points on a pixel of the densest places are as good as opaque.
 * @param density points per square CSS pixel at the densest places
 */
export function pointStyle(count: number, zoom: number, density: number, pointScale: number): PointStyle {
  const atFit = Math.min(4.5, Math.max(0.9, 14 / Math.max(1, count) ** 0.19))
  const radius = Math.min(Math.max(largest, atFit), atFit * Math.max(1, zoom) ** 0.4) * pointScale
  const peak = Math.max(1, density * Math.PI * radius * radius)
  // Few points are strong however they overlap; each tenfold more may be a fifth fainter.
  const least = Math.min(0.82, Math.max(0.12, 0.82 - 0.21 * Math.log10(Math.max(1, count) / 600)))
  return { radius, opacity: Math.min(0.9, Math.max(least, 1 - (1 - fullest) ** (1 / peak))), exponent: 1 }
}

/** The style for pictures that add points up before they make a colour of them: single points are seen however dense it is elsewhere. */
export function densityStyle(style: PointStyle): PointStyle {
  if (style.opacity >= faintest) return style
  const peak = Math.log(1 - fullest) / Math.log(1 - style.opacity)
  return { ...style, opacity: faintest, exponent: Math.log(Math.log(1 - fullest) / Math.log(1 - faintest)) / Math.log(peak) }
}

/** The style in which a share of the points, 0 to 1, looks as dense as all of them: larger and stronger. */
export function sampleStyle({ radius, opacity, exponent }: PointStyle, share: number): PointStyle {
  if (share >= 1) return { radius, opacity, exponent }
  const larger = Math.min(1.8, share ** -0.2)
  return { radius: radius * larger, opacity: Math.min(0.85, 1 - (1 - opacity) ** (1 / (share * larger * larger))), exponent }
}
