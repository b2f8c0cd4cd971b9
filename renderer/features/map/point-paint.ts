import type { MapValues } from '../../../shared/contract/maps.ts'
import {
  categoryColours,
  coloursOfCategories,
  cssColour,
  missingColour,
  otherColour,
  otherGroupColour,
  quantityColour,
  similarityColour,
  thresholdColour,
  type Rgb,
} from './palettes.ts'

export interface LegendCategory {
  readonly label: string
  readonly count: number
  /** CSS colour. */
  readonly colour: string
  /** What its points are in `codes`; null for a line that cannot be picked. */
  readonly codes: ReadonlySet<number>
}

type NumberScale = Extract<MapValues, { kind: 'numbers' }>['scale']

export type Legend =
  | { readonly kind: 'categories'; readonly entries: readonly LegendCategory[] }
  | {
      readonly kind: 'scale'
      readonly scale: NumberScale
      readonly min: number
      readonly max: number
      /** In the middle of the colours; null where it is not between min and max. */
      readonly threshold: number | null
      /** CSS colours at equal distances from min to the threshold and from there to max. */
      readonly colours: readonly string[]
      readonly missing: number
    }
  | { readonly kind: 'empty' }

export interface PointPaint {
  /** A code into the palette for each point. */
  readonly codes: Uint8Array
  /** Red, green, blue, alpha of each code. */
  readonly palette: Uint8Array
  /** The code of points without a value. */
  readonly missing: number
  readonly legend: Legend
}

export interface CategoryWords {
  readonly missing: string
  readonly other: string
  /** Whether other categories are to stand out as much as those with a colour. */
  readonly areGroups: boolean
}

const usualWords: CategoryWords = { missing: 'No value', other: 'Other', areGroups: false }

/** Steps of a scale of colours, with one more for points without a value. */
const steps = 255
const missingCode = 255

function paletteOf(colours: readonly Rgb[]): Uint8Array {
  return Uint8Array.from(colours.flatMap((colour) => [...colour, 255]))
}

function paintCategories(values: Extract<MapValues, { kind: 'categories' }>, theme: 'light' | 'dark', words: CategoryWords): PointPaint {
  const own = Math.min(values.categories.length, coloursOfCategories)
  const [other, missing] = [own, own + 1]
  const codes = Uint8Array.from(values.codes, (code) => (code === -1 ? missing : code === -2 || code >= own ? other : code))
  const colours = [...categoryColours[theme].slice(0, own), (words.areGroups ? otherGroupColour : otherColour)[theme], missingColour[theme]]
  const folded = values.categories.slice(own).reduce((sum, { count }) => sum + count, values.others)
  const line = (label: string, count: number, code: number): LegendCategory => ({
    label,
    count,
    colour: cssColour(colours[code] ?? otherColour[theme]),
    codes: new Set([code]),
  })
  return {
    codes,
    palette: paletteOf(colours),
    missing,
    legend:
      own === 0
        ? { kind: 'empty' }
        : {
            kind: 'categories',
            entries: [
              ...values.categories.slice(0, own).map(({ label, count }, code) => line(label, count, code)),
              ...(folded > 0 ? [line(words.other, folded, other)] : []),
              ...(values.missing > 0 ? [line(words.missing, values.missing, missing)] : []),
            ],
          },
  }
}

/** From the value to a share of the scale: for similarities 0.5 is the threshold, each side stretched to its end. */
function shareOf(min: number, max: number, threshold: number | null): (value: number) => number {
  if (threshold === null) return max > min ? (value) => (value - min) / (max - min) : () => 0.5
  return (value) => {
    const reach = value < threshold ? threshold - min : max - threshold
    return reach <= 0 ? 0.5 : 0.5 + (value - threshold) / (2 * reach)
  }
}

function paintNumbers(values: Extract<MapValues, { kind: 'numbers' }>, theme: 'light' | 'dark', threshold: number | null): PointPaint {
  const { min, max, scale, missing } = values
  if (min === null || max === null) {
    return {
      codes: new Uint8Array(values.values.length).fill(missingCode),
      palette: paletteOf(Array.from({ length: steps + 1 }, () => missingColour[theme])),
      missing: missingCode,
      legend: { kind: 'empty' },
    }
  }
  const centre = scale === 'similarity' || scale === 'threshold' ? threshold : null
  const share = shareOf(min, max, centre)
  const colour = (at: number): Rgb =>
    scale === 'similarity'
      ? similarityColour(theme, at)
      : scale === 'threshold'
        ? thresholdColour(theme, at)
        : quantityColour(theme === 'dark' ? 0.12 + 0.88 * at : at * 0.94)
  const [first, last] = max > min ? [share(min), share(max)] : [0.5, 0.5]
  const codes = Uint8Array.from(values.values, (value) =>
    Number.isFinite(value) ? Math.round(Math.min(1, Math.max(0, share(value))) * (steps - 1)) : missingCode,
  )
  const ramp = Array.from({ length: steps }, (_, step) => colour(step / (steps - 1)))
  return {
    codes,
    palette: paletteOf([...ramp, missingColour[theme]]),
    missing: missingCode,
    legend: {
      kind: 'scale',
      scale,
      min,
      max,
      threshold: centre !== null && centre > min && centre < max ? centre : null,
      colours: Array.from({ length: 9 }, (_, at) => cssColour(colour(first + ((last - first) * at) / 8))),
      missing,
    },
  }
}

/**
 * Colours of all points and the legend that explains them. Categories past the tenth share a colour.
 * @param threshold the similarity at which the colours of similarities change sides; null for none
 * @param words what points are called that have no category of their own
 */
export function paintPoints(
  values: MapValues,
  theme: 'light' | 'dark',
  threshold: number | null,
  words: CategoryWords = usualWords,
): PointPaint {
  return values.kind === 'categories' ? paintCategories(values, theme, words) : paintNumbers(values, theme, threshold)
}
