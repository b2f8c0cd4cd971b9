/** What the operating system can ask a person; only the desktop shell has one. */
export interface Dialogs {
  /** The chosen directory, or null where the person cancelled. */
  openDirectory(): Promise<string | null>
}
