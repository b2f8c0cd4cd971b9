/** What the operating system can ask a person; only the desktop shell has one. */
export interface Dialogs {
  /** The chosen directory, or null where the person cancelled. It asks for a Chroma store where no words are given. */
  openDirectory(words?: { readonly title: string; readonly button: string }): Promise<string | null>
  /** The chosen file, or null where the person cancelled. Endings begin with a dot; `*` is any. */
  openFile(words: {
    readonly title: string
    readonly button: string
    readonly kinds: readonly { readonly name: string; readonly endings: readonly string[] }[]
  }): Promise<string | null>
  /** Where to keep a file, with a name proposed; null where the person cancelled. The dialog asks before a file is replaced. */
  saveFile(name: string): Promise<string | null>
}
