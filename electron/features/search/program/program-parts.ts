import { floatText, shellWord } from './literals.ts'
import type { ProgramFacts, ProgramVector } from './program.ts'

const lineWidth = 110

/** How a server is started on the directory, which everything but Python needs; none where there is a server. */
export function serverNotes({ place }: ProgramFacts): string[] {
  if (place.kind !== 'directory') return []
  return [
    `Start a server on the directory first:  chroma run --path ${shellWord(place.path)}`,
    'Chroma changes files of a directory that it opens. Run it on a copy where that matters.',
  ]
}

/** Address of the server, without a slash at the end. */
export function serverUrl({ place }: ProgramFacts): URL {
  return place.kind === 'directory' ? new URL('http://localhost:8000') : place.url
}

/** The vectors that a program sends; none where it sends texts. */
export function queryVectorsOf({ query }: Pick<ProgramFacts, 'query'>): readonly ProgramVector[] {
  if (query.kind === 'texts') return []
  return query.kind === 'record' ? [{ vector: query.vector, of: query.id, embedder: null }] : query.vectors
}

/** What a vector belongs to and what made it, as a sentence; `quote` makes a literal of a text. */
export function vectorNote({ of, embedder }: ProgramVector, quote: (text: string) => string): string[] {
  if (of === null) return []
  return [embedder === null ? `The vector of the record ${quote(of)}.` : `The vector of ${quote(of)}, made by ${quote(embedder)}.`]
}

export function commented(lines: readonly string[], sign: string): string[] {
  return lines.map((line) => `${sign} ${line}`)
}

/** Numbers of a vector in lines of some width, without brackets. */
export function vectorLines(vector: Float32Array, indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const value of vector) {
    const word = `${floatText(value)},`
    if (line !== '' && indent.length + line.length + word.length > lineWidth) {
      lines.push(indent + line)
      line = ''
    }
    line += line === '' ? word : ` ${word}`
  }
  return [...lines, ...(line === '' ? [] : [indent + line])].join('\n')
}
