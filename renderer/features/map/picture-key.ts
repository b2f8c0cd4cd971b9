import { formatCount } from '../../lib/format.ts'
import { visibleString } from '../../lib/visible-text.ts'
import type { ColourWords } from './colour-words.ts'
import type { Legend } from './point-paint.ts'
import { scaleText } from './scale-text.ts'
import type { PictureKey } from './scatter/scatter-props.ts'

/**
 * What a picture of the map says about its colours.
 * @param title what the points are coloured by
 */
export function pictureKey(title: string, legend: Legend, words: ColourWords): PictureKey | null {
  const meaning = words.meaning === null ? [] : [words.meaning]
  switch (legend.kind) {
    case 'empty':
      return null
    case 'categories': {
      const entries = legend.entries.map(({ label, count, colour }) => ({ text: visibleString(label), count: formatCount(count), colour }))
      return { title, entries, ramp: null, notes: meaning }
    }
    case 'scale': {
      const { scale, min, max, threshold, colours, missing } = legend
      const middle = threshold === null ? null : scaleText(scale, threshold)
      const without = missing > 0 ? [`${formatCount(missing)} ${words.withoutValue}`] : []
      return {
        title,
        entries: [],
        ramp: { colours, from: scaleText(scale, min), middle, to: scaleText(scale, max) },
        notes: [...without, ...meaning],
      }
    }
  }
}
