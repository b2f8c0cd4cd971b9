import type { MapColour } from '../../../shared/contract/maps.ts'
import type { CategoryWords } from './point-paint.ts'
import { leastObservations } from '../../../shared/domain/thresholds/entry-thresholds.ts'

/** What the legend says beside colours and counts. */
export interface ColourWords extends CategoryWords {
  /** The same after a count. */
  readonly withoutValue: string
  /** Why there is nothing to show where no point has a value. */
  readonly none: string
  /** What the colours mean where their name does not say it. */
  readonly meaning: string | null
  /** Where the colours come from: the page on which more can be done about it, and what. */
  readonly source: { readonly page: 'cleanup' | 'thresholds'; readonly label: string } | null
}

const usual: ColourWords = {
  missing: 'No value',
  other: 'Other',
  areGroups: false,
  withoutValue: 'without a value',
  none: 'No record has a value here.',
  meaning: null,
  source: null,
}

/** Words of the legend for what the points are coloured by. */
export function colourWords(by: MapColour['by']): ColourWords {
  switch (by) {
    case 'duplicates':
      return {
        missing: 'In no group',
        other: 'Other groups',
        areGroups: true,
        withoutValue: 'in no group',
        none: 'No two records are duplicates of each other by the usual rules of Cleanup.',
        meaning: 'Records that are duplicates of each other by the usual rules of Cleanup, named by the one that would stay.',
        source: { page: 'cleanup', label: 'Review in Cleanup' },
      }
    case 'entryThreshold':
      return {
        ...usual,
        missing: 'Needs evidence',
        withoutValue: 'need evidence',
        none: `No entry has a threshold of its own yet: that takes ${leastObservations} labelled lookups to which it was the nearest.`,
        meaning:
          'The similarity from which the answer of an entry is right. Entries beyond the threshold in the middle are answered too readily.',
        source: { page: 'thresholds', label: 'See the thresholds of entries' },
      }
    case 'cluster':
      return { ...usual, missing: 'In no cluster', withoutValue: 'in no cluster', none: 'No group of records lies apart from the others.' }
    default:
      return usual
  }
}
