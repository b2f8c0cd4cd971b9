import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export interface PathsEnvironment {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

function thisComputer(): PathsEnvironment {
  return { platform: process.platform, home: os.homedir(), env: process.env }
}

function absolute(value: string | undefined): string | null {
  return value !== undefined && path.isAbsolute(value) ? value : null
}

/**
 * The folder for everything the app keeps for itself: settings, recent connections, the sample, private copies.
 * Where each operating system expects it; MNEMOSCOPE_DATA names another one.
 */
export function dataDirectory({ platform, home, env }: PathsEnvironment = thisComputer()): string {
  const chosen = env['MNEMOSCOPE_DATA']
  if (chosen) return path.resolve(chosen)
  if (platform === 'win32') return path.join(absolute(env['APPDATA']) ?? path.join(home, 'AppData', 'Roaming'), 'Mnemoscope')
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Mnemoscope')
  return path.join(absolute(env['XDG_DATA_HOME']) ?? path.join(home, '.local', 'share'), 'mnemoscope')
}

/** Where private copies of stores are made while they are open. */
export function scratchDirectory(data: string): string {
  return path.join(data, 'scratch')
}

/** Where the generated sample store is; what belongs to it lies in the folder around it. */
export function sampleDirectory(data: string): string {
  return path.join(data, 'sample', 'chroma')
}

/** The folder that holds package.json and dist, whether the code runs from sources, from dist or from a package. */
function applicationRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url))
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder)
    if (parent === folder) throw new Error('The application files are incomplete: package.json was not found.')
    folder = parent
  }
  return folder
}

/** Path of a built entry, such as `reader.worker.js`. */
export function builtFile(name: string): string {
  return path.join(applicationRoot(), 'dist', 'electron', name)
}

/** The built renderer: index.html and its assets. */
export function rendererDirectory(): string {
  return path.join(applicationRoot(), 'dist', 'renderer')
}
