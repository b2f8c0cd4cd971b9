import { existsSync } from 'node:fs'
import { cp, mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../../../shared/fixtures')

/** Whether the stores of others, which are not part of this repository, are on this machine; says so once where not. */
export const haveFixtures = existsSync(path.join(root, 'chroma'))
if (!haveFixtures) console.log('Skipped: ../shared/fixtures is absent, so tests on real stores do not run.')

/** A file or folder among the fixtures, to be read only. */
export function fixturePath(...parts: string[]): string {
  return path.join(root, ...parts)
}

/** A new empty folder for one test. */
export function temporaryFolder(name = 'test'): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), `mnemoscope-${name}-`))
}

/** A writable copy of a fixture store in a new folder. */
export async function copyFixture(name: string): Promise<string> {
  const folder = path.join(await temporaryFolder('fixture'), name)
  await cp(fixturePath('chroma', name), folder, { recursive: true })
  return folder
}
