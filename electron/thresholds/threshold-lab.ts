import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { EntryFit, EntryWords, EvidenceItem, EvidenceSource, GivenLabel, LabelQueue } from '../../shared/contract/thresholds.ts'
import { collectionSubject } from '../../shared/contract/jobs.ts'
import { lookupEntryOf } from '../../shared/domain/lookup-entry.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { entryThresholds } from '../../shared/domain/thresholds/entry-thresholds.ts'
import { labels, labelSources, selectEvidence, type LabelSource } from '../../shared/domain/thresholds/evidence.ts'
import type { EvidenceRef, ThresholdSettings } from '../../shared/domain/thresholds/experiment.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { Kept } from '../store/kept.ts'
import type { OpenStores } from '../store/open-stores.ts'
import { entryGroups } from './entry-groups.ts'
import { responseOf } from './entry-words.ts'
import type { EvidenceSources } from './evidence-sources.ts'
import type { LabelFile, LabelLine } from './label-file.ts'
import { labelQueue } from './label-queue.ts'
import { labelledEvidence, rowNumbers, type LabelledEvidence } from './labelled-evidence.ts'
import { shortHash, type SourceRow, type SourceRows } from './source-row.ts'

export interface ThresholdLabOptions {
  readonly stores: OpenStores
  readonly jobs: Jobs
  readonly sources: EvidenceSources
  readonly labels: LabelFile
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
}

/** Evidence that is asked about: of which collection, which source, and by which embedder. */
export interface AskedEvidence extends CollectionRef {
  readonly source: EvidenceRef
  readonly embedderId: string | null
}

interface Prepared extends SourceRows {
  readonly version: string
  readonly numbers: Float64Array
  readonly placeOfKey: ReadonlyMap<string, number>
}

/** Rows of a source with their labels, and where they come from. */
export interface LabEvidence {
  readonly prepared: Prepared
  readonly labelled: LabelledEvidence
}

/** Evidence of all sources in columns, in words and in the order in which to label it, with the labels that people gave. */
export class ThresholdLab {
  readonly #options: ThresholdLabOptions
  readonly #kept = new Kept<Prepared>({ most: 4 })
  readonly #groups = new Kept<readonly (string | null)[]>({ most: 4 })

  constructor(options: ThresholdLabOptions) {
    this.#options = options
  }

  async sources(ref: CollectionRef, signal: AbortSignal): Promise<EvidenceSource[]> {
    const { sources, labels: labelFile } = this.#options
    const [list, lines] = await Promise.all([sources.list(ref, signal), labelFile.of(ref, null)])
    return Promise.all(
      list.map(async (each) => {
        const key = await sources.keyOf(ref, each.source)
        return { ...each, humanLabels: judgements(lines.filter(({ source }) => source === key)) }
      }),
    )
  }

  /**
   * The rows of a source and their labels. What takes longer than half a second shows as a job.
   * @param groupBy key of the entries' metadata that lookups are told apart by; null for their namespaces
   */
  async evidence(asked: AskedEvidence, signal: AbortSignal, groupBy: string | null = null): Promise<LabEvidence> {
    const prepared = await this.#prepared(asked, signal)
    const key = await this.#options.sources.keyOf(asked, asked.source)
    const [lines, groups] = await Promise.all([
      this.#options.labels.of(asked, key),
      groupBy === null ? null : this.#groupsOf(asked, prepared, groupBy, signal),
    ])
    return { prepared, labelled: labelledEvidence(prepared.rows, prepared.numbers, lines, groups) }
  }

  /** @param places rows of the evidence. @throws AppError 'stale' where the evidence has another version by now */
  async items(asked: AskedEvidence, version: string, places: readonly number[], signal: AbortSignal): Promise<EvidenceItem[]> {
    const evidence = await this.evidence(asked, signal)
    if (evidence.prepared.version !== version)
      throw new AppError('stale', 'The lookups were read anew since they were listed.', 'List them again.')
    return this.#inWords(asked, evidence, places, signal)
  }

  async queue(asked: AskedEvidence, settings: ThresholdSettings, limit: number, signal: AbortSignal): Promise<LabelQueue> {
    const evidence = await this.evidence(asked, signal, settings.groupBy)
    const { next, ...others } = labelQueue(evidence.prepared.rows, evidence.labelled, settings, limit)
    const placeOf = new Map(Array.from(evidence.labelled.rows, (row, place) => [row, place]))
    const items = await this.#inWords(
      asked,
      evidence,
      next.flatMap((row) => placeOf.get(row) ?? []),
      signal,
    )
    return { items, ...others }
  }

  /** Fitted thresholds of the entries that lookups came near, by the labels of these sources, exact lookups aside. */
  async entries(asked: AskedEvidence, sources: readonly LabelSource[], confidence: number, signal: AbortSignal): Promise<EntryFit[]> {
    const { evidence } = (await this.evidence(asked, signal)).labelled
    const part = selectEvidence(evidence, { sources, exact: 'leave-out', group: null }).evidence
    return entryThresholds(part, confidence).map(({ entry, ...fit }) => ({ entryId: part.entries[entry] ?? '', ...fit }))
  }

  /** @returns how many lookups and pairs of the source a person judged. @throws AppError 'stale' where the source has no such row */
  async label(
    asked: AskedEvidence,
    { key, label, chosenBy }: { key: string; label: GivenLabel | null; chosenBy: 'queue' | 'person' },
    signal: AbortSignal,
  ): Promise<number> {
    const { labels: labelFile, sources } = this.#options
    const prepared = await this.#prepared(asked, signal)
    const row = prepared.rows[prepared.placeOfKey.get(key) ?? -1]
    if (!row) throw new AppError('stale', 'This lookup is not among those of its source any more.', 'Ask for the next one.')
    const source = await sources.keyOf(asked, asked.source)
    const { pair, query, entryId, matchedText, similarity, namespace } = row
    const texts = entryId === null ? null : (await this.#entryWords(asked, [entryId], signal)).get(entryId)
    await labelFile.add(asked, {
      type: 'label',
      source,
      key,
      pair,
      label,
      chosenBy,
      at: Date.now(),
      query,
      entryId,
      matchedQuery: texts?.text ?? matchedText,
      similarity,
      namespace,
    })
    return judgements(await labelFile.of(asked, source))
  }

  async undo(ref: CollectionRef, source: EvidenceRef): Promise<LabelLine | null> {
    return this.#options.labels.undo(ref, await this.#options.sources.keyOf(ref, source))
  }

  /** Labels of a source, or with null of all sources of the collection: the last of each pair, skipped ones aside. */
  async labels(ref: CollectionRef, source: EvidenceRef | null): Promise<LabelLine[]> {
    const key = source === null ? null : await this.#options.sources.keyOf(ref, source)
    return [...latestOf(await this.#options.labels.of(ref, key)).values()]
  }

  async #groupsOf(
    asked: AskedEvidence,
    { rows, version }: Prepared,
    key: string,
    signal: AbortSignal,
  ): Promise<readonly (string | null)[]> {
    const { stores, jobs } = this.#options
    const store = await stores.get(asked.connectionId, signal)
    const purpose = { method: 'thresholds.evidence', subject: collectionSubject(asked) }
    return this.#groups.get(JSON.stringify([version, key]), signal, () =>
      jobs.follow({ title: 'Gather evidence', purpose, signal }, (job) =>
        entryGroups(
          store,
          asked.collectionId,
          rows.map(({ entryId }) => entryId),
          key,
          { signal: job.signal, onProgress: job.progress },
        ),
      ),
    )
  }

  /** The words of entries, of those that the collection holds. */
  async words(ref: CollectionRef, ids: readonly string[], signal: AbortSignal): Promise<EntryWords[]> {
    return [...(await this.#entryWords(ref, ids, signal))].map(([entryId, words]) => ({ entryId, ...words }))
  }

  async #prepared(asked: AskedEvidence, signal: AbortSignal): Promise<Prepared> {
    const { connectionId, collectionId, source, embedderId } = asked
    const { stores, jobs, sources } = this.#options
    const store = await stores.get(connectionId, signal)
    const state = [connectionId, collectionId, await store.snapshot(), await sources.state(asked, source), embedderId]
    const version = shortHash(JSON.stringify(state))
    const purpose = { method: 'thresholds.evidence', subject: collectionSubject(asked) }
    return this.#kept.get(version, signal, () =>
      jobs.follow({ title: 'Gather evidence', purpose, signal }, async (job) => {
        const read = await sources.rows(asked, source, embedderId, { signal: job.signal, onProgress: job.progress })
        const placeOfKey = new Map(read.rows.map(({ key }, place) => [key, place]))
        return { ...read, version, numbers: rowNumbers(read.rows), placeOfKey }
      }),
    )
  }

  async #inWords(
    ref: CollectionRef,
    { prepared, labelled }: LabEvidence,
    places: readonly number[],
    signal: AbortSignal,
  ): Promise<EvidenceItem[]> {
    const shown = places.flatMap((place): { place: number; row: SourceRow }[] => {
      const row = prepared.rows[labelled.rows[place] ?? -1]
      return row ? [{ place, row }] : []
    })
    const ids = shown.flatMap(({ row }) => [row.entryId ?? [], row.expectedId ?? []].flat())
    const words = await this.#entryWords(ref, [...new Set(ids)], signal)
    const { evidence } = labelled
    return shown.map(({ place, row }) => {
      const entry = row.entryId === null ? undefined : words.get(row.entryId)
      const expected = row.expectedId === null ? undefined : words.get(row.expectedId)
      return {
        row: place,
        key: row.key,
        line: row.line,
        query: row.query,
        entryId: row.entryId,
        exists: entry !== undefined,
        matchedQuery: entry?.text ?? row.matchedText,
        response: entry?.response ?? null,
        expected: row.expected ?? expected?.response ?? null,
        similarity: row.similarity,
        namespace: row.namespace,
        time: row.time,
        exact: row.exact,
        label: labels[evidence.label[place] ?? 0] ?? 'unknown',
        labelSource: labelSources[evidence.source[place] ?? 0] ?? 'log',
      }
    })
  }

  async #entryWords(
    ref: CollectionRef,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, { text: string | null; response: string | null }>> {
    const store = await this.#options.stores.get(ref.connectionId, signal)
    const [records, mapping] = await Promise.all([store.records(ref.collectionId, ids, { signal }), this.#options.mappingOf(ref, signal)])
    return new Map(
      records.map((record) => [record.id, { text: lookupEntryOf(mapping, record).text, response: responseOf(mapping, record) }]),
    )
  }
}

/** The last label of each pair, skipped ones and those taken away aside. */
function latestOf(lines: readonly LabelLine[]): Map<string, LabelLine> {
  const latest = new Map<string, LabelLine>()
  for (const line of lines) {
    const name = `${line.source} ${line.pair}`
    latest.delete(name)
    if (line.label === 'right' || line.label === 'wrong') latest.set(name, line)
  }
  return latest
}

function judgements(lines: readonly LabelLine[]): number {
  return latestOf(lines).size
}
