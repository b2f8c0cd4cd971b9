import { appEventSchema, type AppEvent } from '../../shared/contract/events.ts'

export type Reply = { ok: true; value: unknown } | { ok: false; error: unknown }

/** How the renderer reaches the core, whether over IPC or HTTP. */
export interface Transport {
  call(name: string, input: unknown, signal?: AbortSignal): Promise<Reply>
  onEvent(listener: (event: AppEvent) => void): () => void
  /** Tells when the core goes away and comes back. */
  onConnection(listener: (connected: boolean) => void): () => void
  /** Hands over files that were dropped on the window, to be opened; null where the way to the core cannot name files. */
  readonly openDropped: ((files: readonly File[]) => void) | null
}

/** Events that do not fit the contract are dropped: a newer core may say more than this window understands. */
export function parseEvent(value: unknown): AppEvent | null {
  const parsed = appEventSchema.safeParse(value)
  return parsed.success ? parsed.data : null
}
