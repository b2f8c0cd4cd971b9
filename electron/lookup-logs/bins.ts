const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const timeSteps = [
  second,
  5 * second,
  15 * second,
  30 * second,
  minute,
  5 * minute,
  15 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  7 * day,
  28 * day,
]
const maxTimeBins = 60
const maxSimilarityBins = 110

/** Equal half-open ranges in a row: `edge(i)` to `edge(i + 1)`. */
export interface Bins {
  readonly count: number
  readonly edge: (bin: number) => number
  /** The bin that holds a value; the value must lie between the first and the last edge. */
  readonly binOf: (value: number) => number
}

function binsBetween(min: number, max: number, edgeAt: (place: number) => number, placeOf: (value: number) => number): Bins {
  // An edge as it is told decides, not the quotient, which may be rounded to the other side.
  const exact = (value: number): number => {
    const place = placeOf(value)
    if (value < edgeAt(place)) return place - 1
    return value >= edgeAt(place + 1) ? place + 1 : place
  }
  const first = exact(min)
  return { count: exact(max) - first + 1, edge: (bin) => edgeAt(first + bin), binOf: (value) => exact(value) - first }
}

/** At most 61 bins over a span of time, of a length that clocks and calendars know, cut in UTC. */
export function timeBins(min: number, max: number): Bins {
  const wanted = (max - min) / maxTimeBins
  const step = timeSteps.find((length) => length >= wanted) ?? Math.ceil(wanted / (28 * day)) * 28 * day
  return binsBetween(
    min,
    max,
    (place) => place * step,
    (value) => Math.floor(value / step),
  )
}

/** At most 111 bins over similarities, of a width such that thresholds with two decimals are edges. */
export function similarityBins(min: number, max: number): Bins {
  const perOne = [100, 20, 10].find((parts) => (max - min) * parts <= maxSimilarityBins) ?? Math.max(maxSimilarityBins / (max - min), 1e-9)
  return binsBetween(
    min,
    max,
    (place) => place / perOne,
    (value) => Math.floor(value * perOne),
  )
}
