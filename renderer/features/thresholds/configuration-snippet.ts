import type { ThresholdAnalysis } from '../../../shared/domain/thresholds/analyse.ts'
import type { ThresholdInUnit } from '../../../shared/domain/thresholds/units.ts'
import { formatThreshold } from './threshold-words.ts'

/**
 * Lines of configuration of a library with a threshold in its unit, below comments that say what it is and what is promised of it.
 * @param threshold cosine similarity, the same as `inUnit`
 */
export function configurationSnippet(
  { setting, label, value, hit, warning }: ThresholdInUnit,
  threshold: number,
  { certified, result }: ThresholdAnalysis,
): string {
  const isCertified = certified.outcome === 'certified' && threshold >= certified.level.threshold - 1e-9
  const isSame = certified.outcome === 'certified' && Math.abs(threshold - certified.level.threshold) < 1e-9
  const promise = isCertified ? result.statement : 'No promise comes with this threshold.'
  const mark = label === 'BetterDB' ? '//' : '#'
  return [
    `${mark} Cosine similarity of at least ${formatThreshold(threshold)}.`,
    `${mark} ${isCertified && !isSame ? `Stricter than what is certified: ${promise}` : promise}`,
    ...(warning === null ? [] : [`${mark} ${warning}`]),
    setting ?? `threshold: ${value}  ${mark} ${hit}`,
  ].join('\n')
}
