import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { thresholds as thresholdsContract } from '../../../shared/contract/thresholds.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Dialogs } from '../../platform/dialog-interface.ts'
import type { Experiments } from '../../thresholds/experiments.ts'
import { labelText } from '../../thresholds/label-text.ts'
import type { NegativeScores } from '../../thresholds/negative-scores.ts'
import type { PairFiles } from '../../thresholds/pair-files.ts'
import type { SendingConsent } from '../../thresholds/sending-consent.ts'
import type { ThresholdLab } from '../../thresholds/threshold-lab.ts'
import type { ThresholdReports } from '../../thresholds/threshold-reports.ts'

export interface PickedFile {
  readonly handle: string
  readonly name: string
  readonly bytes: number
  readonly modifiedAt: number
}

export interface ThresholdsParts {
  readonly lab: ThresholdLab
  readonly pairs: PairFiles
  readonly negatives: NegativeScores
  readonly consent: SendingConsent
  readonly experiments: Experiments
  readonly reports: ThresholdReports
  readonly dialogs: Dialogs | null
  /** The path that a handle of the picker stands for. */
  readonly pathOf: (handle: string) => Promise<string>
  /** Files of a folder with one of these endings. */
  readonly filesIn: (handle: string, endings: readonly string[]) => Promise<PickedFile[]>
}

const endings = ['.jsonl', '.ndjson', '.json', '.csv', '.tsv', '.txt']
const pairDialog = {
  title: 'Open labelled pairs',
  button: 'Read',
  kinds: [
    { name: 'Pairs in JSON lines or CSV', endings },
    { name: 'All files', endings: ['*'] },
  ],
}

export function thresholdsHandlers(parts: ThresholdsParts): Handlers<typeof thresholdsContract> {
  const { lab, pairs, negatives, consent, experiments, reports, dialogs, pathOf, filesIn } = parts
  const refOf = ({ connectionId, collectionId }: CollectionRef): CollectionRef => ({ connectionId, collectionId })

  return {
    sources: (ref, { signal }) => lab.sources(ref, signal),
    evidence: async ({ groupBy, ...asked }, { signal }) => {
      const { prepared, labelled } = await lab.evidence(asked, signal, groupBy)
      const { version, present, embedder, notes } = prepared
      return { evidence: labelled.evidence, version, leftOut: labelled.leftOut, present, embedder, notes: [...notes] }
    },
    rows: ({ version, rows, ...asked }, { signal }) => lab.items(asked, version, rows, signal),
    label: async ({ key, label, chosenBy, ...asked }, { signal }) => ({
      humanLabels: await lab.label(asked, { key, label, chosenBy }, signal),
    }),
    undoLabel: async ({ source, ...ref }) => {
      const line = await lab.undo(ref, source)
      return line && { key: line.key, query: line.query, label: line.label }
    },
    labels: async ({ source, ...ref }) => {
      const lines = await lab.labels(ref, source)
      return { labels: lines.length, text: labelText(lines), name: 'labels.jsonl' }
    },
    queue: ({ settings, limit, ...asked }, { signal }) => lab.queue(asked, settings, limit, signal),
    entries: ({ sources, confidence, ...asked }, { signal }) => lab.entries(asked, sources, confidence, signal),
    words: ({ ids, ...ref }, { signal }) => lab.words(ref, ids, signal),
    allowSending: (ref) => {
      consent.allow(ref)
      return {}
    },
    hardNegatives: ({ embedderId, most, ...ref }, { signal }) => negatives.score(ref, embedderId, most, signal),

    files: ({ handle }) => filesIn(handle, endings),
    importPairs: async ({ handle, ...ref }, { signal }) => pairs.add(ref, await pathOf(handle), signal),
    importPairsWithDialog: async (ref, { signal }) => {
      if (!dialogs)
        throw new AppError(
          'unsupported',
          'The browser cannot show the system dialog for files.',
          'Choose the file from the list of places.',
        )
      const file = await dialogs.openFile(pairDialog)
      return file === null ? null : pairs.add(ref, file, signal)
    },
    pairs: ({ pairsId, ...ref }, { signal }) => pairs.describe(ref, pairsId, signal),
    mapPairs: ({ pairsId, mapping, ...ref }, { signal }) => pairs.map(ref, pairsId, mapping, signal),
    removePairs: async ({ pairsId, ...ref }) => {
      await pairs.remove(ref, pairsId)
      return {}
    },

    experiments: (ref) => experiments.list(ref),
    saveExperiment: ({ experiment, ...ref }) => experiments.save(ref, experiment),
    renameExperiment: async ({ experimentId, name, ...ref }) => {
      await experiments.rename(ref, experimentId, name)
      return {}
    },
    removeExperiment: async ({ experimentId, ...ref }) => {
      await experiments.remove(ref, experimentId)
      return {}
    },
    report: ({ settings, threshold, format, ...asked }, { signal }) =>
      reports.make({ ...refOf(asked), source: asked.source, embedderId: asked.embedderId }, { settings, threshold, format }, signal),
  }
}
