import { z } from 'zod'
import { evidenceSchema, labelSchema, labelSourceSchema } from '../domain/thresholds/evidence.ts'
import { evidenceRefSchema, experimentSchema, thresholdSettingsSchema } from '../domain/thresholds/experiment.ts'
import { hardNegativeKindSchema } from '../domain/thresholds/hard-negatives.ts'
import { pairColumnsSchema } from '../domain/thresholds/labelled-pairs.ts'
import { mutation, query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'

const count = z.number().int().min(0)

/** Something that evidence can be made of. */
export const evidenceSourceSchema = z.object({
  source: evidenceRefSchema,
  name: z.string(),
  /** Lookups, pairs or, for a self-calibration, entries; null where they were not counted yet. */
  size: count.nullable(),
  /** Labels that it brings along; null where they were not counted yet. */
  ownLabels: count.nullable(),
  /** Labels that a person gave in this app. */
  humanLabels: count,
  /** False for a log that has to be read first, with lookupLogs.reopen. */
  isReady: z.boolean(),
})
export type EvidenceSource = z.infer<typeof evidenceSourceSchema>

/** Files larger than this are not read as pairs. */
export const mostPairBytes = 64 * 1024 * 1024
/** Lookups of a source beyond these are left out, the oldest first. */
export const mostEvidenceRows = 200_000

export const pairFileSchema = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  columns: z.array(z.object({ name: z.string(), sample: z.string() })),
  /** Which column holds which field. */
  mapping: pairColumnsSchema,
  mappingGuessed: z.boolean(),
  pairs: count,
  /** Pairs whose label the file itself tells, right, wrong or by saying what should be found. */
  labelled: count,
  /** All are counted, the first are told. */
  malformed: z.object({ total: count, lines: z.array(z.object({ line: z.number(), text: z.string(), reason: z.string() })) }),
})
export type PairFile = z.infer<typeof pairFileSchema>

/** One row of an evidence, in words. */
export const evidenceItemSchema = z.object({
  /** Place in the evidence's columns. */
  row: count,
  /** Names the lookup for as long as its source holds it. */
  key: z.string(),
  /** Line of the log or file, from 1; null for pairs of entries. */
  line: z.number().nullable(),
  query: z.string().nullable(),
  /** The nearest entry, or the one that the source names; null where a pair is not one of the collection. */
  entryId: z.string().nullable(),
  /** Whether the collection still holds the entry. */
  exists: z.boolean(),
  matchedQuery: z.string().nullable(),
  /** What the entry answers. */
  response: z.string().nullable(),
  /** What should be answered, where the source tells: the expected response, or the answer of the entry on the left. */
  expected: z.string().nullable(),
  similarity: z.number().nullable(),
  namespace: z.string().nullable(),
  /** Milliseconds since 1970. */
  time: z.number().nullable(),
  exact: z.boolean(),
  label: labelSchema,
  labelSource: labelSourceSchema,
})
export type EvidenceItem = z.infer<typeof evidenceItemSchema>

/** What a person can say of a lookup: whether the entry's answer is right for it, or nothing. */
export const givenLabelSchema = z.enum(['right', 'wrong', 'skip'])
export type GivenLabel = z.infer<typeof givenLabelSchema>

export const labelQueueSchema = z.object({
  /** Next ones to label, most informative first. */
  items: z.array(evidenceItemSchema),
  /** Lookups that are labelled already by a person, and skipped. Equal lookups are asked about once and count each. */
  labelled: count,
  skipped: count,
  /** Lookups that could be labelled. */
  population: count,
  /** Labels that the guarantee takes at least, all of them right. */
  least: count.nullable(),
  /** About how many more labels certify a threshold; null where none are missing or that cannot be told. */
  more: z.number().nullable(),
  /** What can be promised now, in a sentence. */
  statement: z.string(),
  /** Bands of similarity from low to high; `to` is exclusive. */
  bands: z.array(z.object({ from: z.number(), to: z.number(), population: count, quota: count, labelled: count })),
  /** Share of the lookups whose band has no label yet, 0 to 1: estimates say nothing of them. */
  uncovered: z.number(),
})
export type LabelQueue = z.infer<typeof labelQueueSchema>

export const scoredNegativeSchema = z.object({
  kind: hardNegativeKindSchema,
  original: z.string(),
  changed: z.string(),
  /** Cosine similarity of the two by the embedder; null where one of them has no vector. */
  similarity: z.number().nullable(),
})
export type ScoredNegative = z.infer<typeof scoredNegativeSchema>

export const entryFitSchema = z.object({
  entryId: z.string(),
  observations: count,
  wrong: count,
  /** As in shared/domain/thresholds/entry-thresholds.ts: null where it needs evidence. */
  threshold: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
})
export type EntryFit = z.infer<typeof entryFitSchema>

/** What an entry is asked and answers, as the profile says. */
export const entryWordsSchema = z.object({ entryId: z.string(), text: z.string().nullable(), response: z.string().nullable() })
export type EntryWords = z.infer<typeof entryWordsSchema>

const sourced = collectionRefSchema.extend({
  source: evidenceRefSchema,
  /** Embeds what has no similarity; null uses the embedder that is chosen for the collection. */
  embedderId: z.string().nullable().default(null),
})
const pairsRef = collectionRefSchema.extend({ pairsId: z.string() })
const experimentRef = collectionRefSchema.extend({ experimentId: z.string() })
const labelDependent = [
  'thresholds.sources',
  'thresholds.evidence',
  'thresholds.rows',
  'thresholds.queue',
  'thresholds.labels',
  'thresholds.entries',
  'maps.values',
]

/**
 * Evidence for thresholds, labels and experiments. What is computed of the evidence, such as curves, what flips or thresholds of
 * namespaces, is computed where it is shown, by shared/domain/thresholds. Nothing here writes to a store.
 */
export const thresholds = {
  sources: query(collectionRefSchema, z.array(evidenceSourceSchema)),
  /**
   * The lookups of a source in columns. Similarities that it does not tell are calculated, which after half a second shows as a
   * job with the purpose `thresholds.evidence`.
   */
  evidence: query(
    sourced.extend({
      /** Key of the entries' metadata that lookups are told apart by; null for their namespaces. */
      groupBy: z.string().nullable().default(null),
    }),
    z.object({
      evidence: evidenceSchema,
      /** Names the rows: it changes where lookups do, and not with their labels. */
      version: z.string(),
      /** Rows without a similarity, which are not in the columns. */
      leftOut: count,
      /** The threshold that the source names; null where it names none. */
      present: z.number().nullable(),
      /** What calculated similarities; null where the source told all of them. */
      embedder: z.object({ id: z.string(), title: z.string() }).nullable(),
      /** Sentences: what is missing or was assumed. */
      notes: z.array(z.string()),
    }),
  ),
  /**
   * Rows in words, in the order asked for, such as a part of a list of flips.
   * @throws AppError 'stale' where the evidence has another version
   */
  rows: query(sourced.extend({ version: z.string(), rows: z.array(count).max(500) }), z.array(evidenceItemSchema)),
  /**
   * Labels a lookup by its key; null takes its label away. `queue` for one that the queue asked about, which was chosen at random
   * among those of its band; `person` for one that somebody picked.
   */
  label: mutation(
    sourced.extend({ key: z.string(), label: givenLabelSchema.nullable(), chosenBy: z.enum(['queue', 'person']) }),
    z.object({ humanLabels: count }),
    labelDependent,
  ),
  /** Takes the last label of a source back, however it was given. Null where there is none. */
  undoLabel: mutation(
    collectionRefSchema.extend({ source: evidenceRefSchema }),
    z.object({ key: z.string(), query: z.string().nullable(), label: givenLabelSchema.nullable() }).nullable(),
    labelDependent,
  ),
  /** The labels of a source that a person gave, or with null all of the collection, as JSON lines that can be imported as pairs. */
  labels: query(
    collectionRefSchema.extend({ source: evidenceRefSchema.nullable() }),
    z.object({ labels: count, text: z.string(), name: z.string() }),
  ),
  /** What to label next for a guarantee, near the threshold `present` of the settings first. */
  queue: query(sourced.extend({ settings: thresholdSettingsSchema, limit: z.number().int().min(1).max(50).default(5) }), labelQueueSchema),
  /** Fitted thresholds of the entries that lookups came near, in the order of the evidence's `entries`. */
  entries: query(
    sourced.extend({ sources: z.array(labelSourceSchema), confidence: z.number().gt(0).lt(1).default(0.9) }),
    z.array(entryFitSchema),
  ),
  /** Entries in words; those that the collection does not hold are left out. */
  words: query(collectionRefSchema.extend({ ids: z.array(z.string()).max(200) }), z.array(entryWordsSchema)),
  /**
   * Allows texts of the collection and of its evidence to be sent to the embedder it is asked with, until the app ends; where the
   * answer was an error 'consent'.
   */
  allowSending: mutation(collectionRefSchema, z.object({})),
  /**
   * Texts like the collection's own queries that ask something else, most similar to their originals first. After half a second
   * it shows as a job with the purpose `thresholds.hardNegatives`.
   */
  hardNegatives: query(
    collectionRefSchema.extend({ embedderId: z.string().nullable().default(null), most: z.number().int().min(1).max(5000).default(500) }),
    z.object({ embedder: z.object({ id: z.string(), title: z.string() }), negatives: z.array(scoredNegativeSchema) }),
  ),

  /** Files of a folder that may hold pairs, newest first. Handles as in connections.browse. */
  files: query(
    z.object({ handle: z.string() }),
    z.array(z.object({ handle: z.string(), name: z.string(), bytes: z.number(), modifiedAt: z.number() })),
  ),
  /** Reads a file of labelled pairs and keeps where it is. */
  importPairs: mutation(collectionRefSchema.extend({ handle: z.string() }), pairFileSchema, ['thresholds']),
  /** Null where the person cancelled. Only where app.info says nativeDialogs. */
  importPairsWithDialog: mutation(collectionRefSchema, pairFileSchema.nullable(), ['thresholds']),
  /** A file of pairs as it is now. @throws AppError 'not-found' where it is gone */
  pairs: query(pairsRef, pairFileSchema),
  /** Corrects which column holds which field; null guesses again. */
  mapPairs: mutation(pairsRef.extend({ mapping: pairColumnsSchema.nullable() }), pairFileSchema, ['thresholds']),
  /** Forgets a file of pairs. The file stays as it is, and so do labels that were given for it. */
  removePairs: mutation(pairsRef, z.object({}), ['thresholds']),

  /** Newest first. */
  experiments: query(collectionRefSchema, z.array(experimentSchema)),
  saveExperiment: mutation(
    collectionRefSchema.extend({ experiment: experimentSchema.omit({ id: true, createdAt: true }) }),
    experimentSchema,
    ['thresholds.experiments'],
  ),
  renameExperiment: mutation(experimentRef.extend({ name: experimentSchema.shape.name }), z.object({}), ['thresholds.experiments']),
  removeExperiment: mutation(experimentRef, z.object({}), ['thresholds.experiments']),

  /** What stands behind a threshold, computed anew: a page of HTML without scripts that prints well, or JSON (thresholdReportSchema). */
  report: query(
    sourced.extend({ settings: thresholdSettingsSchema, threshold: z.number().min(-1).max(1), format: z.enum(['html', 'json']) }),
    z.object({ name: z.string(), text: z.string() }),
  ),
}
