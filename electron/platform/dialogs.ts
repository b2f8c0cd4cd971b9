import { dialog, type BrowserWindow } from 'electron'
import type { Dialogs } from './dialog-interface.ts'

export interface ShellDialogs extends Dialogs {
  /** Asks before another program is given an address; the whole address is shown. */
  confirmLink(address: string): Promise<boolean>
  /** Asks before a command that the page named is kept as the one that starts Chroma. */
  confirmCommand(command: string): Promise<boolean>
  /** Tells that the window's own process ended or hangs; true where it is to be loaded again. */
  offerReload(message: string): Promise<boolean>
}

/** The operating system's dialogs, attached to the window where there is one. */
export function createDialogs(window: () => BrowserWindow | null): ShellDialogs {
  async function ask(options: Electron.MessageBoxOptions): Promise<boolean> {
    const owner = window()
    const shown = { type: 'question' as const, defaultId: 0, cancelId: 1, noLink: true, ...options }
    const { response } = await (owner ? dialog.showMessageBox(owner, shown) : dialog.showMessageBox(shown))
    return response === 0
  }

  return {
    async openDirectory(words = { title: 'Open a Chroma persist directory', button: 'Open read-only' }) {
      const owner = window()
      const options: Electron.OpenDialogOptions = {
        title: words.title,
        buttonLabel: words.button,
        properties: ['openDirectory', 'showHiddenFiles', 'dontAddToRecent'],
      }
      const { canceled, filePaths } = await (owner ? dialog.showOpenDialog(owner, options) : dialog.showOpenDialog(options))
      return canceled ? null : (filePaths[0] ?? null)
    },
    async openFile({ title, button, kinds }) {
      const owner = window()
      const options: Electron.OpenDialogOptions = {
        title,
        buttonLabel: button,
        properties: ['openFile', 'showHiddenFiles', 'dontAddToRecent'],
        filters: kinds.map(({ name, endings }) => ({ name, extensions: endings.map((ending) => ending.replace(/^\./, '')) })),
      }
      const { canceled, filePaths } = await (owner ? dialog.showOpenDialog(owner, options) : dialog.showOpenDialog(options))
      return canceled ? null : (filePaths[0] ?? null)
    },
    async saveFile(name) {
      const owner = window()
      const options: Electron.SaveDialogOptions = {
        title: 'Save',
        defaultPath: name,
        properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
      }
      const { canceled, filePath } = await (owner ? dialog.showSaveDialog(owner, options) : dialog.showSaveDialog(options))
      return canceled || filePath === '' ? null : filePath
    },
    confirmLink: (address) =>
      ask({
        message: 'Open this address outside Mnemoscope?',
        detail: address,
        buttons: ['Open', 'Cancel'],
        defaultId: 1,
        title: 'Open an address',
      }),
    confirmCommand: (command) =>
      ask({
        type: 'warning',
        message: 'Use this command to start Chroma?',
        detail: `${command}\n\nIt runs as a program on this computer whenever an engine is needed.`,
        buttons: ['Use it', 'Cancel'],
        defaultId: 1,
        title: 'Engine command',
      }),
    offerReload: (message) =>
      ask({
        type: 'error',
        message,
        detail: 'The stores that are open were not touched. Loading the window again shows the same view.',
        buttons: ['Load again', 'Close'],
      }),
  }
}
