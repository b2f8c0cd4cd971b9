import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')

export interface Source {
  /** With forward slashes, from the repository's root. */
  readonly file: string
  readonly text: string
  readonly imports: readonly string[]
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder)).flatMap((name) => {
    const file = `${folder}/${name}`
    return statSync(path.join(root, file)).isDirectory() ? filesBelow(file) : [file]
  })
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\b(?:[^'";]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*(?:\/\*[^*]*\*\/\s*)?['"]([^'"]+)['"]\s*\)|new URL\(\s*['"](\.[^'"]+)['"]/g

/** Code below these folders, with what each file imports. */
export function readSources(...folders: string[]): Source[] {
  return folders
    .flatMap(filesBelow)
    .filter((file) => /\.(?:ts|tsx|mjs)$/.test(file))
    .map((file) => {
      const text = readFileSync(path.join(root, file), 'utf8')
      return { file, text, imports: [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '') }
    })
}

/** What a relative import of `file` names, from the root; null for a package. */
export function resolveImport(file: string, imported: string): string | null {
  return imported.startsWith('.') ? path.posix.join(path.posix.dirname(file), imported) : null
}

/** The package of an import that is not relative. */
export function packageOf(imported: string): string {
  const [first = '', second = ''] = imported.split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}
