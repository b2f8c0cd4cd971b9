import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import path from 'node:path'

async function describe(root: string, relative: string, lines: string[]): Promise<void> {
  const full = path.join(root, relative)
  const info = await lstat(full)
  const facts = `${relative} ${info.mode.toString(8)} ${info.mtimeMs}`
  if (info.isDirectory()) {
    lines.push(`folder ${facts}`)
    for (const name of (await readdir(full)).toSorted()) await describe(root, path.join(relative, name), lines)
  } else if (info.isSymbolicLink()) {
    lines.push(`link ${relative} ${await readlink(full)}`)
  } else if (!info.isFile()) {
    lines.push(`special ${facts}`)
  } else {
    const digest = createHash('blake2b512')
      .update(await readFile(full))
      .digest('hex')
    lines.push(`file ${facts} ${info.size} ${digest}`)
  }
}

/** A checksum over names, modes, times of change and contents of everything below a folder. */
export async function treeHash(root: string): Promise<string> {
  const lines: string[] = []
  await describe(root, '.', lines)
  return createHash('blake2b512').update(lines.join('\n')).digest('hex')
}
