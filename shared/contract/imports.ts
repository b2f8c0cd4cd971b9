import { z } from 'zod'
import { recordSchema } from '../domain/record.ts'
import { mutation, query } from '../rpc/define.ts'
import { afterChange } from './changes.ts'
import { collectionRefSchema } from './collections.ts'

/** Most characters of a text that was dropped on the window; larger files are chosen from the disk. */
export const maxDroppedLength = 2_000_000

/** Endings of files that can be imported; objects with ids, documents and vectors of their own are in those of the second list. */
export const textEndings = ['.txt', '.text', '.rst', '.log', '.md', '.markdown', '.mdx']
export const recordEndings = ['.jsonl', '.ndjson', '.json']

export const importFileSchema = z.object({
  id: z.string(),
  name: z.string(),
  bytes: z.number(),
  /** `records` are objects with ids, documents, metadata and vectors of their own; the others are cut into chunks. */
  kind: z.enum(['text', 'markdown', 'records']),
})
export type ImportFile = z.infer<typeof importFileSchema>

export const chunkSettingsSchema = z
  .object({
    by: z.enum(['size', 'sentence', 'paragraph', 'heading']),
    /** Most characters of a chunk. */
    size: z.number().int().min(50).max(100_000),
    /** Most characters of a chunk that the next one repeats. */
    overlap: z.number().int().min(0).max(50_000),
  })
  .refine(({ size, overlap }) => overlap <= size / 2, { message: 'The overlap is at most half of the size.', path: ['overlap'] })

const importRequestSchema = collectionRefSchema.extend({
  fileIds: z.array(z.string()).min(1).max(100),
  chunks: chunkSettingsSchema,
  /** What happens to records whose id exists in the collection. */
  existing: z.enum(['leave', 'overwrite']),
})
export type ImportRequest = z.infer<typeof importRequestSchema>

export const importPreviewSchema = z.object({
  /** Records that the files would make. */
  records: z.number(),
  /** Those that come with a vector; the others are embedded. */
  withVector: z.number(),
  /** Those whose id exists in the collection. */
  existing: z.number(),
  /** Those that cannot be added, by reason, most frequent first. */
  refused: z.array(z.object({ reason: z.string(), count: z.number(), example: z.string() })),
  /** Lengths of the documents, in characters; null where there are none. */
  lengths: z.object({ min: z.number(), median: z.number(), max: z.number(), total: z.number() }).nullable(),
  /** How many documents are so long, in equal bins from 0 to `lengths.max`. */
  histogram: z.array(z.number()),
  /** The first records and the last one, as they would be added. */
  first: z.array(recordSchema),
  last: recordSchema.nullable(),
  /** What makes the vectors; null where every record has one. `problem` says why it cannot. */
  embedder: z.object({ title: z.string().nullable(), sendsTo: z.string().nullable(), problem: z.string().nullable() }).nullable(),
})
export type ImportPreview = z.infer<typeof importPreviewSchema>

/** Records from files of texts, Markdown or JSON lines. Files are kept in memory until they are closed or the app ends. */
export const imports = {
  /** Files of a folder of the picker that can be read. */
  files: query(
    z.object({ handle: z.string() }),
    z.array(z.object({ handle: z.string(), name: z.string(), bytes: z.number(), modifiedAt: z.number() })),
  ),
  open: mutation(z.object({ handle: z.string() }), importFileSchema),
  /** With the operating system's dialog; null where the person cancelled. */
  openWithDialog: mutation(z.object({}), importFileSchema.nullable()),
  /** A file that was dropped on the window, by what it holds. */
  drop: mutation(z.object({ name: z.string().min(1).max(1000), text: z.string().max(maxDroppedLength) }), importFileSchema),
  close: mutation(z.object({ fileIds: z.array(z.string()) }), z.object({})),
  /** Nothing is embedded or written. */
  preview: query(importRequestSchema, importPreviewSchema),
  /** Embeds and adds, as a job whose result is the id of a change. */
  apply: mutation(importRequestSchema, z.object({ jobId: z.string() }), afterChange),
}
