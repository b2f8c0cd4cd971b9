import { floatText, shellWord } from './literals.ts'
import type { ProgramFacts } from './program.ts'

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

/** What made the vector, as a sentence; `quote` makes a literal of a text. */
export function vectorNote({ query }: ProgramFacts, quote: (text: string) => string): string[] {
  if (query.kind !== 'vector' || query.text === null) return []
  return [`The vector of ${quote(query.text)}, made by ${quote(query.embedder ?? '')}.`]
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
