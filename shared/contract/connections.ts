import { z } from 'zod'
import { mutation, query } from '../rpc/define.ts'

export const connectionKindSchema = z.enum(['directory', 'server', 'cloud'])

/** A store that was opened now or before. Its id is stable between starts, so that links keep working. */
export const connectionSchema = z.object({
  id: z.string(),
  kind: connectionKindSchema,
  title: z.string(),
  /** The directory's path or the server's address, for people to read. */
  location: z.string(),
  isSample: z.boolean(),
  /** Where a server is and what is seen of it, without what opens it; null for directories. */
  server: z
    .object({
      url: z.string().nullable(),
      tenant: z.string().nullable(),
      database: z.string().nullable(),
      tokenHeader: z.enum(['x-chroma-token', 'authorization']),
    })
    .nullable(),
  isOpen: z.boolean(),
  pinned: z.boolean(),
  /** Milliseconds since 1970. */
  lastOpenedAt: z.number(),
  /** What it held when it was last open. */
  holds: z.object({ collections: z.number(), records: z.number() }).nullable(),
})
export type Connection = z.infer<typeof connectionSchema>

/** Something a reader or a preflight noticed about a store; sentences for people. */
export const findingSchema = z.object({
  severity: z.enum(['info', 'warning', 'error']),
  /** Stable name of the kind of finding, such as 'pickle-missing'. */
  code: z.string(),
  message: z.string(),
  /** What was or can be recovered, or what to do. */
  remedy: z.string().nullable(),
  collectionId: z.string().nullable(),
})
export type Finding = z.infer<typeof findingSchema>

export const connectionStatusSchema = z.object({
  connection: connectionSchema,
  /** How it is open. Directories are read without any engine. */
  access: z.enum(['read-only', 'editing', 'remote']),
  /** Who answers reads, such as "own reader" or "server 1.0.0". */
  reader: z.string(),
  /** For directories: the range of Chroma versions that wrote it, such as "1.0"; null where unknown. */
  formatVersion: z.string().nullable(),
  /** When the view that is shown was taken, milliseconds since 1970. */
  snapshotAt: z.number(),
  /** True once the store was changed by somebody else after `snapshotAt`. */
  changedSince: z.boolean(),
  /** Other processes that have the store open now: "python (pid 812)". */
  openedBy: z.array(z.string()),
  /** Why there may be others, as a sentence; null where that is known. */
  openedByUnknown: z.string().nullable(),
  bytesOnDisk: z.number().nullable(),
  findings: z.array(findingSchema),
})
export type ConnectionStatus = z.infer<typeof connectionStatusSchema>

/** A folder as the directory picker shows it. Folders are named by handles: a path never comes from the renderer. */
export const placeSchema = z.object({
  handle: z.string(),
  name: z.string(),
  path: z.string(),
  /** What it looks like from outside. */
  kind: z.enum(['folder', 'chroma', 'legacy-chroma', 'unreadable']),
})
export type Place = z.infer<typeof placeSchema>

export const serverAddressSchema = z.object({
  kind: z.enum(['server', 'cloud']),
  /** http or https; for Cloud null means the public service. */
  url: z.string().nullable(),
  tenant: z.string().nullable(),
  database: z.string().nullable(),
  /** Sent as `x-chroma-token`, or as `Authorization: Bearer` where `tokenHeader` says so. Kept out of settings. */
  token: z.string().nullable(),
  tokenHeader: z.enum(['x-chroma-token', 'authorization']),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  title: z.string().nullable(),
})
export type ServerAddress = z.infer<typeof serverAddressSchema>

const connectionRef = z.object({ connectionId: z.string() })

/** What shows contents of a store. */
const afterReading = ['connections', 'collections', 'records', 'profiles', 'cleanup', 'maps', 'memories', 'neighbours']

export const connections = {
  list: query(z.object({}), z.array(connectionSchema)),
  status: query(connectionRef, connectionStatusSchema),
  /** Roots of the directory picker. */
  places: query(z.object({}), z.array(placeSchema)),
  browse: query(
    z.object({ handle: z.string() }),
    z.object({
      place: placeSchema,
      parent: placeSchema.nullable(),
      children: z.array(placeSchema),
      /** What is not shown and why; null where everything is. */
      note: z.string().nullable(),
    }),
  ),
  /** Opens a connection from the list again; does nothing to one that is open. */
  open: mutation(connectionRef, connectionSchema, ['connections']),
  openPlace: mutation(z.object({ handle: z.string() }), connectionSchema, ['connections']),
  /** Shows the operating system's dialog; null where the person cancelled. Only where app.info says nativeDialogs. */
  openWithDialog: mutation(z.object({}), connectionSchema.nullable(), ['connections']),
  openServer: mutation(serverAddressSchema, connectionSchema, afterReading),
  /** Makes the sample where it does not exist, then opens it. The job's result is the connection's id. */
  openSample: mutation(z.object({}), z.object({ jobId: z.string() }), ['connections', 'jobs']),
  /** Takes a new view of the store. */
  refresh: mutation(connectionRef, connectionStatusSchema, afterReading),
  close: mutation(connectionRef, z.object({}), ['connections', 'collections', 'records', 'profiles']),
  pin: mutation(connectionRef.extend({ pinned: z.boolean() }), z.object({}), ['connections']),
  forget: mutation(connectionRef, z.object({}), ['connections']),
}
