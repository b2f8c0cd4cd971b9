import { formatThreshold, thresholdTitle } from './threshold-words.ts'

export interface ThresholdValueProps {
  /** A similarity; null where there is none. */
  value: number | null | undefined
  /** What stands there then. */
  none?: string
  /** Three decimals: for one that is fitted, whose further ones say nothing. */
  isFitted?: boolean
}

/** A threshold, with the same in other units when pointed at. */
export function ThresholdValue({ value, none = 'none', isFitted = false }: ThresholdValueProps) {
  if (value === null || value === undefined) return none
  return <span title={thresholdTitle(value)}>{isFitted ? value.toFixed(3) : formatThreshold(value)}</span>
}
