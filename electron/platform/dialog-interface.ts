/** What the operating system can ask a person; only the desktop shell has one. */
export interface Dialogs {
  /** The chosen directory, or null where the person cancelled. It asks for a Chroma store where no words are given. */
  openDirectory(words?: { readonly title: string; readonly button: string }): Promise<string | null>
}
