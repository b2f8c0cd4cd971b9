/**
 * The parts of Electron that the shell works with. They are handed in by main.ts, so that everything in this folder
 * runs and is tested under plain Node.
 */
export type ElectronApi = typeof Electron.CrossProcessExports
