import { recordText } from '../record-text.ts'
import type { StoredRecord } from '../record.ts'
import type { EpisodeTurn } from './episode.ts'

export type MemoryTextFormat = 'json' | 'jsonl' | 'markdown'

/** One episode or fact with what a reader needs beside its text. */
export interface MemoryItem {
  readonly record: StoredRecord
  readonly turns: readonly EpisodeTurn[]
  /** Milliseconds since 1970; NaN for none. */
  readonly time: number
  /** Null for what belongs to no session. */
  readonly session: string | null
  readonly startsSession: boolean
}

function isoOf(time: number): string {
  return Number.isNaN(time) ? '' : new Date(time).toISOString()
}

/** Text that somebody else wrote, as a quotation: none of its lines can begin a heading or a list of the file's own. */
function quoted(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n')
}

/** A name for one line: without line breaks, and with nothing in it taken for markup. */
function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|]/g, '\\$&')
}

/** The beginning of a file of what is remembered of a user. */
export function memoryHead(format: MemoryTextFormat, user: string | null, label: string | null): string {
  const name = user === null ? 'No user' : label === null ? inline(user) : `${inline(label)} (${inline(user)})`
  if (format === 'markdown') return `# ${name}\n`
  return format === 'json' ? `{\n"user": ${JSON.stringify(user)},\n"name": ${JSON.stringify(label)}` : ''
}

/** The beginning of a list in such a file: of episodes, or of facts. */
export function memoryListHead(format: MemoryTextFormat, list: 'episodes' | 'facts'): string {
  if (format === 'markdown') return list === 'facts' ? '\n## Facts\n\n' : ''
  return format === 'json' ? `,\n"${list}": [` : ''
}

function markdownEpisode({ turns, time, session, startsSession, record }: MemoryItem): string {
  const heading = startsSession ? `\n## ${session === null ? 'Without a session' : `Session ${inline(session)}`}\n` : ''
  const when = isoOf(time)
  const said = turns.map(({ label, text }) => `${label === '' ? '' : `**${inline(label)}**\n\n`}${quoted(text)}\n`)
  return `${heading}\n${when === '' ? '' : `${when} · `}${inline(record.id)}\n\n${said.length === 0 ? 'No text.\n' : said.join('\n')}`
}

function markdownFact({ turns, time, record }: MemoryItem): string {
  const text = turns.map((turn) => turn.text.replace(/\s+/g, ' ')).join(' ')
  const when = isoOf(time)
  return `- ${inline(text)} (${when === '' ? '' : `${when} · `}${inline(record.id)})\n`
}

/** Some items of a list. `isFirst` is true for the first part of the list. Metadata keeps its types in JSON and JSONL. */
export function memoryItems(format: MemoryTextFormat, list: 'episodes' | 'facts', items: readonly MemoryItem[], isFirst: boolean): string {
  if (format === 'markdown') return items.map(list === 'facts' ? markdownFact : markdownEpisode).join('')
  const lines = items.map(({ record }) => recordText([record], 'jsonl').trimEnd())
  if (format === 'jsonl') return lines.map((line) => `{"kind": "${list === 'facts' ? 'fact' : 'episode'}", ${line.slice(1)}\n`).join('')
  return lines.map((line, at) => `${isFirst && at === 0 ? '\n' : ',\n'}${line}`).join('')
}

/** The end of a list. */
export function memoryListEnd(format: MemoryTextFormat): string {
  return format === 'json' ? '\n]' : ''
}

/** The end of the file. */
export function memoryEnd(format: MemoryTextFormat): string {
  return format === 'json' ? '\n}\n' : ''
}
