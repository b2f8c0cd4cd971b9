import { certifiedThreshold, type Certified } from './certified-threshold.ts'
import { thresholdCurve, type ThresholdCurve } from './curve.ts'
import { selectEvidence, type Evidence, type EvidencePart } from './evidence.ts'
import type { Guarantee } from './guarantee.ts'

export interface GroupThreshold {
  /** Place in the evidence's `groups`. */
  readonly group: number
  readonly curve: ThresholdCurve
  /** What the group's own labels show. */
  readonly own: Certified
  /** Whose labels the threshold stands on: the group's, or all where its own do not suffice. */
  readonly basis: 'own' | 'pooled'
  /** Null where not even all labels certify one. */
  readonly threshold: number | null
}

/**
 * A certified threshold for every group: its own where its labels suffice, else that of all lookups. The confidence holds for
 * each group alone, not for all at once; a pooled threshold promises the bound for the mix of groups, not for each of them.
 * Nothing is lent to a group whose own labels speak against the bound.
 */
export function groupThresholds(
  evidence: Evidence,
  part: Omit<EvidencePart, 'group'>,
  guarantee: Guarantee,
  levels?: readonly number[],
): { groups: GroupThreshold[]; pooled: Certified } {
  const pooled = certifiedThreshold(thresholdCurve(selectEvidence(evidence, { ...part, group: null }).evidence), guarantee, levels)
  const groups = evidence.groups.map((_, group): GroupThreshold => {
    const curve = thresholdCurve(selectEvidence(evidence, { ...part, group }).evidence)
    const own = certifiedThreshold(curve, guarantee, levels)
    if (own.outcome === 'certified') return { group, curve, own, basis: 'own', threshold: own.level.threshold }
    const isLent = own.outcome === 'not-enough-labels' && pooled.outcome === 'certified'
    return {
      group,
      curve,
      own,
      basis: own.outcome === 'bound-exceeded' ? 'own' : 'pooled',
      threshold: isLent ? pooled.level.threshold : null,
    }
  })
  return { groups, pooled }
}
