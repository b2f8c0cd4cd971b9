import path from 'node:path'

/**
 * What a start was asked to open: the first word that is no switch, as an absolute directory or a URL, or null.
 * `words` is process.argv; unpackaged, its second word is the app itself.
 */
export function targetOfCommandLine(words: readonly string[], packaged: boolean, workingDirectory: string): string | null {
  const target = words.slice(packaged ? 1 : 2).find((word) => word !== '' && !word.startsWith('-'))
  if (target === undefined) return null
  return /^https?:\/\//i.test(target) ? target : path.resolve(workingDirectory, target)
}
