import { certifiedThreshold } from '../../shared/domain/thresholds/certified-threshold.ts'
import { thresholdCurve } from '../../shared/domain/thresholds/curve.ts'
import { partOf } from '../../shared/domain/thresholds/analyse.ts'
import { labelSources } from '../../shared/domain/thresholds/evidence.ts'
import type { ThresholdSettings } from '../../shared/domain/thresholds/experiment.ts'
import { labelPlan, labelWeights } from '../../shared/domain/thresholds/label-plan.ts'
import { labelsNeeded } from '../../shared/domain/thresholds/labels-needed.ts'
import { certifiedStatement, weakShareOf } from '../../shared/domain/thresholds/statement.ts'
import type { LabelQueue } from '../../shared/contract/thresholds.ts'
import type { LabelledEvidence } from './labelled-evidence.ts'
import type { SourceRow } from './source-row.ts'

/** The queue goes on at least this far beyond what is labelled. */
const ahead = 50

/** Which rows to ask about next, and how far the labels there are go. @returns rows of the source in place of items */
export function labelQueue(
  rows: readonly SourceRow[],
  labelled: LabelledEvidence,
  settings: ThresholdSettings,
  limit: number,
): Omit<LabelQueue, 'items'> & { next: number[] } {
  const { evidence, candidates, numbers, given } = labelled
  const { guarantee, present, group } = settings
  const part = partOf(evidence, settings).evidence
  const certified = certifiedThreshold(thresholdCurve(part), guarantee)
  const least = labelsNeeded(guarantee.bound, guarantee.confidence)
  const more = certified.outcome === 'certified' ? null : certified.more

  const human = labelSources.indexOf('human')
  const placeOfRow = new Map(Array.from(labelled.rows, (row, place) => [row, place]))
  const asked = candidates.filter((at) => group === null || evidence.groups[evidence.group[placeOfRow.get(at) ?? -1] ?? -1] === group)
  const isLabelled = (at: number): boolean => evidence.source[placeOfRow.get(at) ?? -1] === human
  const saidOf = (at: number): string | undefined => given.get(rows[at]?.pair ?? '')
  const done = asked.filter(isLabelled)
  const skipped = asked.filter((at) => saidOf(at) === 'skip')
  const plan = labelPlan(
    Float64Array.from(asked, (at) => rows[at]?.similarity ?? 0),
    {
      total: Math.max(least ?? 0, done.length + skipped.length + Math.max(Math.min(more ?? 0, asked.length), ahead)),
      threshold: present,
      numbers: Float64Array.from(asked, (at) => numbers[at] ?? 0),
    },
  )
  const next: number[] = []
  const pairs = new Set<string>()
  for (const place of plan.order) {
    if (next.length === limit) break
    const at = asked[place] ?? 0
    const pair = rows[at]?.pair ?? ''
    // A lookup like one that was answered counts as soon as those before it are answered too.
    if (isLabelled(at) || saidOf(at) !== undefined || pairs.has(pair)) continue
    pairs.add(pair)
    next.push(at)
  }
  const placeOfAsked = new Map(asked.map((at, place) => [at, place]))
  const donePlaces = done.map((at) => placeOfAsked.get(at) ?? 0)
  const perBand = plan.bands.map(() => 0)
  for (const place of donePlaces) perBand[plan.bandOf[place] ?? 0] = (perBand[plan.bandOf[place] ?? 0] ?? 0) + 1
  return {
    next,
    labelled: done.length,
    skipped: skipped.length,
    population: asked.length,
    least,
    more,
    statement: certifiedStatement(certified, guarantee, weakShareOf(part)),
    bands: plan.bands.map((band, at) => ({ ...band, labelled: perBand[at] ?? 0 })),
    uncovered: labelWeights(plan, donePlaces).uncovered,
  }
}
