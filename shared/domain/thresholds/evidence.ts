import { z } from 'zod'

/** What is known of the answer that the nearest entry gives a lookup. In a column each is its place in this list. */
export const labels = ['unknown', 'right', 'wrong'] as const
export const labelSchema = z.enum(labels)
export type Label = z.infer<typeof labelSchema>
export const labelCodes = { unknown: 0, right: 1, wrong: 2 } as const satisfies Record<Label, number>

/**
 * Who said so: a person, the log the lookup came from, or the collection itself, whose answers agree or differ. Only the last
 * are weak. In a column each is its place in this list.
 */
export const labelSources = ['human', 'log', 'weak'] as const
export const labelSourceSchema = z.enum(labelSources)
export type LabelSource = z.infer<typeof labelSourceSchema>

/** Lookups as columns of one length, so that a worker can be sent them and read them fast. */
export const evidenceSchema = z.object({
  /** Cosine similarity of the lookup and its nearest entry, -1 to 1. */
  similarity: z.instanceof(Float64Array),
  /** Places in {@link labels}. */
  label: z.instanceof(Uint8Array),
  /** Places in {@link labelSources}. */
  source: z.instanceof(Uint8Array),
  /** 1 for a lookup that the exact layer answered: it is a hit at every threshold. */
  exact: z.instanceof(Uint8Array),
  /** One over the probability with which the lookup was chosen to be labelled; 1 where all were. */
  weight: z.instanceof(Float64Array),
  /** 1 where the lookup was labelled because it was chosen at random among those of its band of similarity: see {@link bandOf}. */
  drawn: z.instanceof(Uint8Array),
  /** What the call to the model costs that a hit saves, in any unit; NaN where it is not known. */
  callCost: z.instanceof(Float64Array),
  /** Places in `groups`; -1 for none. */
  group: z.instanceof(Int32Array),
  /** Places in `entries`; -1 for none. */
  entry: z.instanceof(Int32Array),
  /** Namespaces, or values of another field that lookups are told apart by. */
  groups: z.array(z.string()),
  /** Ids of the entries that are nearest to lookups. */
  entries: z.array(z.string()),
})
export type Evidence = z.infer<typeof evidenceSchema>

export interface EvidenceRow {
  /** Null or not finite where it is not known; such a row is left out. */
  readonly similarity: number | null
  readonly label: Label
  readonly source: LabelSource
  readonly exact?: boolean
  readonly weight?: number
  readonly drawn?: boolean
  /** Not above 0 where it is not known. */
  readonly callCost?: number | null
  readonly group?: string | null
  readonly entryId?: string | null
}

export interface MadeEvidence {
  readonly evidence: Evidence
  /** For each row of the evidence, its place among the rows that it was made of. */
  readonly rows: Int32Array
  /** Rows without a similarity. */
  readonly leftOut: number
}

function placesOf(): { list: string[]; place: (name: string | null | undefined) => number } {
  const list: string[] = []
  const known = new Map<string, number>()
  return {
    list,
    place: (name) => {
      if (name == null) return -1
      const found = known.get(name)
      if (found !== undefined) return found
      known.set(name, list.length)
      return list.push(name) - 1
    },
  }
}

/** Puts rows into columns. Weights that are not above 0 count as 1. */
export function makeEvidence(from: readonly EvidenceRow[]): MadeEvidence {
  const kept = from.flatMap(({ similarity, exact }, at) =>
    exact === true || (similarity !== null && Number.isFinite(similarity)) ? [at] : [],
  )
  const [groups, entries] = [placesOf(), placesOf()]
  const evidence: Evidence = {
    similarity: new Float64Array(kept.length),
    label: new Uint8Array(kept.length),
    source: new Uint8Array(kept.length),
    exact: new Uint8Array(kept.length),
    weight: new Float64Array(kept.length),
    drawn: new Uint8Array(kept.length),
    callCost: new Float64Array(kept.length).fill(NaN),
    group: new Int32Array(kept.length),
    entry: new Int32Array(kept.length),
    groups: groups.list,
    entries: entries.list,
  }
  for (const [at, place] of kept.entries()) {
    const row = from[place] as EvidenceRow
    evidence.similarity[at] = Number.isFinite(row.similarity) ? (row.similarity ?? 1) : 1
    evidence.label[at] = labelCodes[row.label]
    evidence.source[at] = labelSources.indexOf(row.source)
    evidence.exact[at] = row.exact === true ? 1 : 0
    evidence.weight[at] = row.weight !== undefined && row.weight > 0 && Number.isFinite(row.weight) ? row.weight : 1
    evidence.drawn[at] = row.drawn === true ? 1 : 0
    if (typeof row.callCost === 'number' && row.callCost > 0 && Number.isFinite(row.callCost)) evidence.callCost[at] = row.callCost
    evidence.group[at] = groups.place(row.group)
    evidence.entry[at] = entries.place(row.entryId)
  }
  return { evidence, rows: Int32Array.from(kept), leftOut: from.length - kept.length }
}

/** Width of the bands of similarity within which lookups are chosen to be labelled. */
export const usualBandWidth = 0.05

/** The band that a similarity lies in: its lower edge over the width. */
export function bandOf(similarity: number, width = usualBandWidth): number {
  return Math.floor(similarity / width + 1e-9)
}

/**
 * Weights of a part of the evidence: a lookup that was drawn stands for all of its band that no label is there for (strata with
 * units that are taken for certain: W. G. Cochran 1977, "Sampling techniques", 5).
 * @param rows the part, as rows of the evidence
 * @param counts whether the labels of each source count
 */
function weightsOf(
  { similarity, label, source, exact, weight, drawn }: Evidence,
  rows: readonly number[],
  counts: readonly boolean[],
): Float64Array {
  const unlabelled = new Map<number, number>()
  const drawnIn = new Map<number, number>()
  const isDrawn = (at: number): boolean => drawn[at] === 1 && label[at] !== labelCodes.unknown && counts[source[at] ?? 0] === true
  for (const at of rows) {
    if (exact[at] === 1) continue
    const band = bandOf(similarity[at] ?? 0)
    if (isDrawn(at)) drawnIn.set(band, (drawnIn.get(band) ?? 0) + 1)
    else if (label[at] === labelCodes.unknown || !counts[source[at] ?? 0]) unlabelled.set(band, (unlabelled.get(band) ?? 0) + 1)
  }
  return Float64Array.from(weight, (own, at) => {
    if (!isDrawn(at)) return own
    const band = bandOf(similarity[at] ?? 0)
    const labelled = drawnIn.get(band) ?? 1
    return (own * (labelled + (unlabelled.get(band) ?? 0))) / labelled
  })
}

/** Which part of the evidence is looked at. */
export interface EvidencePart {
  /** Whose labels count. Lookups with another's label count as unlabelled; pairs with weak labels, which nobody looked up, not at all. */
  readonly sources: readonly LabelSource[]
  /** Whether lookups that the exact layer answered are among them: no threshold changes those. */
  readonly exact: 'leave-out' | 'count'
  /** Place in `groups`; null for all. */
  readonly group: number | null
}

/**
 * The columns of a part of the evidence, in the same order, with the row of the whole that each comes from. Labels of lookups that
 * were drawn get the weights under which they stand for the others of the part.
 */
export function selectEvidence(evidence: Evidence, part: EvidencePart): { evidence: Evidence; rows: Int32Array } {
  const counts = labelSources.map((source) => part.sources.includes(source))
  const weak = labelSources.indexOf('weak')
  const all: number[] = []
  for (let at = 0; at < evidence.similarity.length; at += 1) {
    if (part.group !== null && evidence.group[at] !== part.group) continue
    if (part.exact === 'leave-out' && evidence.exact[at] === 1) continue
    all.push(at)
  }
  const weights = evidence.drawn.includes(1) ? weightsOf(evidence, all, counts) : evidence.weight
  const kept = Int32Array.from(counts[weak] ? all : all.filter((at) => evidence.source[at] !== weak))
  const floats = (column: Float64Array): Float64Array<ArrayBuffer> => Float64Array.from(kept, (at) => column[at] ?? 0)
  const bytes = (column: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(kept, (at) => column[at] ?? 0)
  const integers = (column: Int32Array): Int32Array<ArrayBuffer> => Int32Array.from(kept, (at) => column[at] ?? 0)
  return {
    rows: kept,
    evidence: {
      similarity: floats(evidence.similarity),
      label: Uint8Array.from(kept, (at) => (counts[evidence.source[at] ?? 0] ? (evidence.label[at] ?? 0) : labelCodes.unknown)),
      source: bytes(evidence.source),
      exact: bytes(evidence.exact),
      weight: floats(weights),
      drawn: bytes(evidence.drawn),
      callCost: floats(evidence.callCost),
      group: integers(evidence.group),
      entry: integers(evidence.entry),
      groups: evidence.groups,
      entries: evidence.entries,
    },
  }
}
