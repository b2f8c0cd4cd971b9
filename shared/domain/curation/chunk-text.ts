/** How a text is cut. Lengths are in UTF-16 units, about characters. */
export interface ChunkSettings {
  /** Where chunks may begin and end. `heading` makes one chunk of each section of a Markdown text. */
  readonly by: 'size' | 'sentence' | 'paragraph' | 'heading'
  /** No chunk is longer. */
  readonly size: number
  /** The end of a chunk is repeated at the beginning of the next, in whole units, at most so long. Less than `size`. */
  readonly overlap: number
}

/** A piece of a text: `text.slice(start, end)` without the space around it. */
export interface Chunk {
  readonly text: string
  readonly start: number
  readonly end: number
  /** The headings of Markdown above it, outermost first. */
  readonly headings: readonly string[]
}

interface Span {
  readonly start: number
  readonly end: number
}

interface Section extends Span {
  readonly headings: readonly string[]
}

const fence = /^ {0,3}(`{3,}|~{3,})/
const heading = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#*)?[ \t]*\r?$/

/** Sections of a Markdown text by its ATX headings; those in fenced code are none. Without headings it is one section. */
function sectionsOf(text: string): Section[] {
  const sections: Section[] = []
  let trail: { level: number; title: string }[] = []
  let start = 0
  let open: string | null = null
  let at = 0
  const close = (end: number): void => {
    if (text.slice(start, end).trim() !== '') sections.push({ start, end, headings: trail.map(({ title }) => title) })
    start = end
  }
  while (at < text.length) {
    const newline = text.indexOf('\n', at)
    const next = newline < 0 ? text.length : newline + 1
    const line = text.slice(at, newline < 0 ? next : newline)
    const mark = fence.exec(line)?.[1]
    const found = open === null ? heading.exec(line) : null
    if (mark !== undefined && open === null) open = mark
    else if (mark !== undefined && open !== null && mark[0] === open[0] && mark.length >= open.length) open = null
    if (found) {
      close(at)
      const level = (found[1] ?? '').length
      trail = [...trail.filter((above) => above.level < level), { level, title: (found[2] ?? '').trim() }]
    }
    at = next
  }
  close(text.length)
  return sections
}

function* matches(text: string, { start, end }: Span, separator: RegExp): Generator<Span> {
  let from = start
  const search = new RegExp(separator, 'gu')
  search.lastIndex = start
  for (let found = search.exec(text); found !== null && found.index < end; found = search.exec(text)) {
    const until = Math.min(end, found.index + found[0].length)
    yield { start: from, end: until }
    from = until
  }
  if (from < end) yield { start: from, end }
}

const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' })

function* sentencesOf(text: string, span: Span): Generator<Span> {
  // A segmenter slows down on long texts, and no sentence goes beyond a paragraph.
  for (const paragraph of matches(text, span, /\n[ \t\r]*\n\s*/)) {
    for (const { index, segment } of sentences.segment(text.slice(paragraph.start, paragraph.end)))
      yield { start: paragraph.start + index, end: paragraph.start + index + segment.length }
  }
}

function* piecesOf(text: string, { start, end }: Span, size: number): Generator<Span> {
  let from = start
  while (from < end) {
    let until = Math.min(end, from + size)
    // A character of two units stays whole.
    if (until < end && size > 1 && /[\ud800-\udbff]/.test(text[until - 1] ?? '')) until -= 1
    yield { start: from, end: until }
    from = until
  }
}

const finer = { heading: 'paragraph', paragraph: 'sentence', sentence: 'size' } as const

/** Units that chunks are made of, none longer than `size`: where one is, it is cut where the next finer unit ends. */
function* unitsOf(text: string, span: Span, by: ChunkSettings['by'], size: number): Generator<Span> {
  const coarse =
    by === 'heading'
      ? [span]
      : by === 'paragraph'
        ? matches(text, span, /\n[ \t\r]*\n\s*/)
        : by === 'sentence'
          ? sentencesOf(text, span)
          : matches(text, span, /\s+/)
  for (const unit of coarse) {
    if (trimmed(text, unit).length <= size) yield unit
    else if (by === 'size') yield* piecesOf(text, unit, size)
    else yield* unitsOf(text, unit, finer[by], size)
  }
}

function trimmed(text: string, { start, end }: Span): string {
  return text.slice(start, end).trim()
}

/** Puts units together to chunks as long as they may be. */
function* pack(text: string, units: Iterable<Span>, { size, overlap }: ChunkSettings): Generator<Span> {
  let held: Span[] = []
  const spanOf = (parts: readonly Span[]): Span => ({ start: parts[0]?.start ?? 0, end: parts.at(-1)?.end ?? 0 })
  for (const unit of units) {
    if (held.length > 0 && trimmed(text, { start: spanOf(held).start, end: unit.end }).length > size) {
      const { end } = spanOf(held)
      yield spanOf(held)
      held = held.slice(1).filter(({ start }) => end - start <= overlap)
      while (held.length > 0 && trimmed(text, { start: spanOf(held).start, end: unit.end }).length > size) held = held.slice(1)
    }
    held.push(unit)
  }
  if (held.length > 0) yield spanOf(held)
}

/**
 * Cuts a text into chunks, in order. Nothing of the text is lost but space between chunks; what is longer than `size` is cut at the next
 * finer unit: sections at paragraphs, these at sentences, these at spaces, and words between characters.
 * @param isMarkdown whether headings are looked for; chunks do not go beyond a section when cut by heading
 */
export function* chunkText(text: string, settings: ChunkSettings, isMarkdown: boolean): Generator<Chunk> {
  const whole: Section = { start: 0, end: text.length, headings: [] }
  const sections = isMarkdown ? sectionsOf(text) : [whole]
  const headingsAt = (at: number): readonly string[] => sections.findLast(({ start }) => start <= at)?.headings ?? []
  const parts = settings.by === 'heading' ? sections : [whole]
  for (const part of parts) {
    for (const { start, end } of pack(text, unitsOf(text, part, settings.by, settings.size), settings)) {
      const chunk = trimmed(text, { start, end })
      if (chunk === '') continue
      const from = start + text.slice(start, end).search(/\S/)
      yield { text: chunk, start: from, end: from + chunk.length, headings: headingsAt(from) }
    }
  }
}
