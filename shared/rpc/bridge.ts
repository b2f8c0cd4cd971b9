/** What the desktop shell puts into the window as `window.bridge`. Browser mode has none. */
export interface Bridge {
  /** Answers with a Reply; `callId` is chosen by the caller, unique within the window, and names the call to cancel. */
  call(callId: number, name: string, input: unknown): Promise<unknown>
  cancel(callId: number): void
  /** Returns how to stop listening. Events are validated by the listener. */
  onEvent(listener: (event: unknown) => void): () => void
  /** Hands files that were dropped on the window to the core, which opens what they name. */
  dropped(files: readonly File[]): void
}
