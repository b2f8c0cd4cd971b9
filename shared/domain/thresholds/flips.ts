import { labelCodes, type Evidence } from './evidence.ts'

/** Lookups whose verdict another threshold changes, as rows of the evidence, nearest to the present threshold first. */
export interface ThresholdFlips {
  /** Misses that become hits with the right answer. */
  readonly gainedRight: Int32Array
  /** Misses that become hits with a wrong answer. */
  readonly gainedWrong: Int32Array
  /** Misses that become hits of which nobody said whether they are right. */
  readonly gainedUnknown: Int32Array
  /** Hits with the right answer that become misses. */
  readonly lostRight: Int32Array
  /** Wrong answers that are no longer given. */
  readonly lostWrong: Int32Array
  readonly lostUnknown: Int32Array
  /** Hits of the exact layer; no threshold changes them. */
  readonly exactHits: number
  /** Lookups that come out as before, exact hits among them. */
  readonly unchanged: number
}

/** What changes when the present threshold is replaced by the candidate. A hit has at least the similarity of the threshold. */
export function thresholdFlips(evidence: Evidence, present: number, candidate: number): ThresholdFlips {
  const { similarity, label, exact } = evidence
  const flipped: number[] = []
  let exactHits = 0
  for (let at = 0; at < similarity.length; at += 1) {
    if (exact[at] === 1) exactHits += 1
    else if ((similarity[at] ?? 0) >= present !== (similarity[at] ?? 0) >= candidate) flipped.push(at)
  }
  const distance = (at: number): number => Math.abs((similarity[at] ?? 0) - present)
  flipped.sort((a, b) => distance(a) - distance(b) || a - b)
  const none = new Int32Array()
  const labelled = (code: number): Int32Array => Int32Array.from(flipped.filter((at) => label[at] === code))
  const isLooser = candidate < present
  const [right, wrong, unknown] = [labelled(labelCodes.right), labelled(labelCodes.wrong), labelled(labelCodes.unknown)]
  return {
    gainedRight: isLooser ? right : none,
    gainedWrong: isLooser ? wrong : none,
    gainedUnknown: isLooser ? unknown : none,
    lostRight: isLooser ? none : right,
    lostWrong: isLooser ? none : wrong,
    lostUnknown: isLooser ? none : unknown,
    exactHits,
    unchanged: similarity.length - flipped.length,
  }
}
