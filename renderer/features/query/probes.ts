import { mostProbes, type Probe } from '../../../shared/contract/search.ts'

export type ProbeKind = 'text' | 'record' | 'vector' | 'list'

export type ParsedProbes = { ok: true; probes: readonly Probe[] } | { ok: false; message: string }

function refuse(message: string): ParsedProbes {
  return { ok: false, message }
}

function parseVector(text: string): ParsedProbes {
  const parts = text
    .trim()
    .replace(/^\[|\]$/g, '')
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
  const wrong = parts.find((part) => !Number.isFinite(Number(part)))
  if (wrong !== undefined) return refuse(`“${wrong.slice(0, 40)}” is no number. A vector is written as [0.1, -0.2, …].`)
  return { ok: true, probes: [{ kind: 'vector', vector: parts.map(Number) }] }
}

/** What is asked for by what was written: a text, an id, numbers, or one query on each line (empty lines count for nothing). */
export function parseProbes(kind: ProbeKind, text: string): ParsedProbes {
  if (text.trim() === '') return refuse('There is nothing to look for yet.')
  switch (kind) {
    case 'text':
      return { ok: true, probes: [{ kind: 'text', text, embedderId: null }] }
    case 'record':
      return { ok: true, probes: [{ kind: 'record', id: text }] }
    case 'vector':
      return parseVector(text)
    case 'list': {
      const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
      if (lines.length > mostProbes) return refuse(`The list holds ${lines.length} queries; at most ${mostProbes} are asked at once.`)
      return { ok: true, probes: lines.map((line) => ({ kind: 'text', text: line, embedderId: null })) }
    }
  }
}

/** The reverse of {@link parseProbes}: what stands in the address. */
export function writtenProbes([probe, ...more]: readonly Probe[]): { by: 'record' | 'vector' | 'list' | undefined; q: string } {
  if (probe === undefined) return { by: undefined, q: '' }
  if (more.length > 0) return { by: 'list', q: [probe, ...more].map((each) => (each.kind === 'text' ? each.text : '')).join('\n') }
  switch (probe.kind) {
    case 'text':
      return { by: undefined, q: probe.text }
    case 'record':
      return { by: 'record', q: probe.id }
    case 'vector':
      return { by: 'vector', q: `[${probe.vector.join(', ')}]` }
  }
}

/** A probe in a few words, for lists. Vectors are never written out. */
export function probeTitle(probe: Probe): string {
  switch (probe.kind) {
    case 'text':
      return probe.text
    case 'record':
      return `Similar to ${probe.id}`
    case 'vector':
      return `A vector of ${probe.vector.length} numbers`
  }
}

/** What was asked in a few words; of a list how many queries and the first of them. */
export function probesTitle(probes: readonly Probe[]): string {
  const [first] = probes
  if (first === undefined) return ''
  return probes.length === 1 ? probeTitle(first) : `${probes.length} queries: ${probeTitle(first)}, …`
}
