import type { MeasureName } from '../../../shared/domain/thresholds/measures.ts'

/** Okabe and Ito 2008, "Color Universal Design", a little lighter in the dark. */
export const rightColour = 'light-dark(#0072b2, #56b4e9)'
const orange = 'light-dark(#b85200, #e69f00)'
const purple = 'light-dark(#9c4f7c, #cc79a7)'

/** Colours of figures; hits and wrong answers have the ones they have everywhere. */
export const measureColours = {
  hitRate: 'var(--hit)',
  precision: rightColour,
  recall: orange,
  fBeta: purple,
  falseHitShare: 'var(--wrong)',
  errorRate: orange,
  accuracy: 'var(--ink)',
} as const satisfies Record<MeasureName, string>
