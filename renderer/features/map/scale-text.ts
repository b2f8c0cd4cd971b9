import { formatCount, formatTime } from '../../lib/format.ts'
import type { Legend } from './point-paint.ts'

/** A value as a scale of the legend writes it. */
export function scaleText(scale: Extract<Legend, { kind: 'scale' }>['scale'], value: number): string {
  switch (scale) {
    case 'time':
      return formatTime(value)
    case 'similarity':
    case 'threshold':
      return value.toFixed(3)
    case 'share':
      return `${Math.round(value * 100)}%`
    case 'number':
      return Number.isInteger(value) ? formatCount(value) : value.toPrecision(4)
  }
}
