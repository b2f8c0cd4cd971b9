import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { EvidenceSource } from '../../shared/contract/thresholds.ts'
import type { LookupSettings } from '../../shared/contract/lookups.ts'
import { mostEvidenceRows } from '../../shared/contract/thresholds.ts'
import { indexTexts } from '../../shared/domain/lookup.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import type { EvidenceRef } from '../../shared/domain/thresholds/experiment.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { LookupLogs } from '../lookup-logs/lookup-logs.ts'
import type { Neighbours } from '../neighbours/neighbours.ts'
import type { EntryTables } from '../search/entry-table.ts'
import type { OpenStores } from '../store/open-stores.ts'
import type { StoreOptions } from '../store/store.ts'
import type { AskedScore, EntryScores } from './entry-scores.ts'
import { responseOf } from './entry-words.ts'
import { logRows } from './log-rows.ts'
import type { PairFiles } from './pair-files.ts'
import { askedOf, namedPairs, pairRow } from './pair-rows.ts'
import { sampleRows } from './sample-rows.ts'
import { selfRows } from './self-rows.ts'
import { sourceKey, type SourceRow, type SourceRows } from './source-row.ts'

export interface EvidenceSourcesOptions {
  readonly stores: OpenStores
  readonly logs: LookupLogs
  readonly pairs: PairFiles
  readonly scores: EntryScores
  readonly tables: EntryTables
  readonly neighbours: Neighbours
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
  readonly rulesOf: (ref: CollectionRef) => Promise<LookupSettings>
  /** The log of the sample's lookups and what was planted in them; null for any other collection. */
  readonly sampleOf: (ref: CollectionRef, signal: AbortSignal) => Promise<{ lookups: string; truth: string } | null>
}

const numbers = new Intl.NumberFormat('en')
const never = new AbortController().signal

/** Reads what evidence is made of: logs, files of pairs, the sample, and the collection itself. */
export class EvidenceSources {
  readonly #options: EvidenceSourcesOptions

  constructor(options: EvidenceSourcesOptions) {
    this.#options = options
  }

  /** What there is for a collection; a self-calibration is always possible. */
  async list(ref: CollectionRef, signal: AbortSignal): Promise<Omit<EvidenceSource, 'humanLabels'>[]> {
    const { logs, pairs, stores, sampleOf } = this.#options
    const store = await stores.get(ref.connectionId, signal)
    const [ofLogs, ofPairs, sample, { summary }] = await Promise.all([
      logs.list(ref),
      pairs.list(ref),
      sampleOf(ref, signal),
      store.detail(ref.collectionId, { signal }),
    ])
    return [
      ...ofLogs.map(({ id, name, facts }) => ({
        source: { from: 'log' as const, logId: id, name },
        name,
        size: facts?.lookups ?? null,
        ownLabels: 0,
        isReady: facts !== null,
      })),
      ...ofPairs.map(({ id, file, pairs: size, labelled }) => {
        const name = file.split(/[\\/]/).at(-1) ?? file
        return { source: { from: 'pairs' as const, pairsId: id, name }, name, size, ownLabels: labelled, isReady: true }
      }),
      ...(sample
        ? [{ source: { from: 'sample' as const }, name: 'Lookups of the sample', size: null, ownLabels: null, isReady: true }]
        : []),
      {
        source: { from: 'self-calibration' as const },
        name: 'Self-calibration',
        size: summary.count,
        ownLabels: null,
        isReady: true,
      },
    ]
  }

  /** What labels of a source are kept under. @throws AppError 'not-found' where there is no such source */
  async keyOf(ref: CollectionRef, source: EvidenceRef): Promise<string> {
    const paths = new Map<EvidenceRef, string>()
    if (source.from === 'log') paths.set(source, await this.#logPath(ref, source.logId))
    if (source.from === 'pairs') paths.set(source, (await this.#options.pairs.known(ref, source.pairsId)).file)
    return sourceKey(source, (each) => paths.get(each) ?? '')
  }

  /** Names the state of a source: another name where its rows may be others. */
  async state(ref: CollectionRef, source: EvidenceRef): Promise<string> {
    const { logs, pairs, rulesOf } = this.#options
    const { normalise, embed, exactLayer, honourExpiry, embedderId } = await rulesOf(ref)
    const rules = [normalise, embed, exactLayer, honourExpiry, embedderId]
    switch (source.from) {
      case 'log': {
        const facts = (await logs.list(ref)).find(({ id }) => id === source.logId)?.facts
        return JSON.stringify([source.logId, facts?.lookups, facts?.bytes, facts?.replayed, facts?.mapping, rules])
      }
      case 'pairs':
        return JSON.stringify([await pairs.state(ref, source.pairsId), rules])
      case 'sample':
        return 'sample'
      case 'self-calibration':
        return JSON.stringify(['self-calibration', normalise])
    }
  }

  /** All rows of a source, with similarities calculated where it tells none. Errors of stores, logs, files and embedders pass through. */
  async rows(ref: CollectionRef, source: EvidenceRef, embedderId: string | null, following: StoreOptions): Promise<SourceRows> {
    const { logs, stores, neighbours, mappingOf, rulesOf, sampleOf } = this.#options
    const signal = following.signal ?? never
    switch (source.from) {
      case 'log': {
        const host = await logs.host(ref, source.logId)
        const facts = (await logs.list(ref)).find(({ id }) => id === source.logId)?.facts
        const { rows, total } = await logRows(host, signal, (done, all) => following.onProgress?.('Reading lookups', done, all))
        const notes =
          total > mostEvidenceRows
            ? [`Only the newest ${numbers.format(mostEvidenceRows)} of ${numbers.format(total)} lookups are used.`]
            : []
        return this.#scored(ref, { rows, present: facts?.threshold ?? null, embedder: null, notes }, embedderId, following)
      }
      case 'pairs':
        return this.#pairRows(ref, source.pairsId, embedderId, following)
      case 'sample': {
        const files = await sampleOf(ref, signal)
        if (files === null) throw new AppError('not-found', 'This collection is not the cache of the sample.', 'Choose other evidence.')
        return { ...(await sampleRows(files)), embedder: null, notes: [] }
      }
      case 'self-calibration': {
        const store = await stores.get(ref.connectionId, signal)
        const [mapping, { normalise }] = await Promise.all([mappingOf(ref, signal), rulesOf(ref)])
        return selfRows({ store, collectionId: ref.collectionId, neighbours, mapping, normalise }, following)
      }
    }
  }

  async #logPath(ref: CollectionRef, logId: string): Promise<string> {
    const known = (await this.#options.logs.list(ref)).find(({ id }) => id === logId)
    if (known) return known.path
    throw new AppError('not-found', 'This log is not open any more.', 'Open it again.')
  }

  /** Fills in similarities of lookups with a query. */
  async #scored(ref: CollectionRef, read: SourceRows, embedderId: string | null, following: StoreOptions): Promise<SourceRows> {
    const { stores, scores } = this.#options
    const open = read.rows.flatMap(({ similarity, exact, query }, at) => (similarity === null && !exact && query !== null ? [at] : []))
    if (open.length === 0) return read
    const store = await stores.get(ref.connectionId, following.signal)
    const asked = open.map((at): AskedScore => {
      const { query, namespace, time, entryId } = read.rows[at] as SourceRow
      return { query: query ?? '', namespace, time, entryId, text: null }
    })
    const found = await scores.score(store, ref, asked, embedderId, following)
    const rows = [...read.rows]
    for (const [index, at] of open.entries()) {
      const score = found.scores[index]
      const row = rows[at]
      if (score && row) rows[at] = { ...row, ...score }
    }
    const note = `${numbers.format(open.length)} lookups without a similarity were compared with the entries as the collection holds them now.`
    return { ...read, rows, embedder: found.embedder, notes: [...read.notes, note] }
  }

  async #pairRows(ref: CollectionRef, pairsId: string, embedderId: string | null, following: StoreOptions): Promise<SourceRows> {
    const { pairs, stores, tables, scores, mappingOf, rulesOf } = this.#options
    const signal = following.signal ?? never
    const read = await pairs.read(ref, pairsId, signal)
    const store = await stores.get(ref.connectionId, signal)
    const [mapping, { normalise }] = await Promise.all([mappingOf(ref, signal), rulesOf(ref)])
    const table = await tables.get(store, ref.collectionId, mapping, following)
    const ids = new Set(table.ids)
    const byText = indexTexts(table.entries, normalise)
    const idOfText = new Map([...byText].map(([text, places]) => [text, table.ids[places[0] ?? 0] ?? '']))
    const named = namedPairs(read.pairs, { idOfText, hasEntry: (id) => ids.has(id), normalise })
    const asked = named.map(askedOf)
    const open = asked.flatMap((one, at) => (one === null ? [] : [at]))
    const found =
      open.length === 0
        ? null
        : await scores.score(
            store,
            ref,
            open.map((at) => asked[at] as AskedScore),
            embedderId,
            following,
          )
    const scoreAt = new Map(open.map((at, index) => [at, found?.scores[index] ?? null]))
    const needed = new Set(named.flatMap(({ namedId }, at) => [namedId ?? [], scoreAt.get(at)?.entryId ?? []].flat()))
    const records = await store.records(ref.collectionId, [...needed], { signal })
    const responses = new Map(records.map((record) => [record.id, responseOf(mapping, record)]))
    return {
      rows: named.map((each, at) => pairRow(each, scoreAt.get(at) ?? null, (id) => responses.get(id) ?? null)),
      present: null,
      embedder: found?.embedder ?? null,
      notes: read.malformed.total > 0 ? [`${numbers.format(read.malformed.total)} lines of the file could not be read as pairs.`] : [],
    }
  }
}
