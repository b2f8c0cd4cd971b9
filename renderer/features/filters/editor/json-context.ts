/** Where a text of JSON, perhaps unfinished, is being written. */
export interface JsonContext {
  /** Whether a property's name or a value is expected. */
  readonly expects: 'key' | 'value' | 'nothing'
  /** Names of the properties around the place, from the outside; `[]` stands for a list. */
  readonly path: readonly string[]
  /** Offset where what is being written begins, its opening quote included. */
  readonly from: number
  /** What is written of it, without the quote. */
  readonly written: string
  /** True inside a text that is not closed. */
  readonly inText: boolean
}

interface Frame {
  readonly kind: 'object' | 'array'
  /** The property that is being given a value. */
  key: string | null
  expects: 'key' | 'colon' | 'value' | 'comma'
}

function unquote(text: string): string {
  try {
    const value: unknown = JSON.parse(`"${text}"`)
    return typeof value === 'string' ? value : text
  } catch {
    // A broken escape while typing: what is there is good enough to compare with.
    return text
  }
}

/** Reads the text before the caret. Never fails: after a mistake it says what it would have expected. */
export function jsonContextAt(before: string): JsonContext {
  const frames: Frame[] = []
  let at = 0
  let root: 'value' | 'nothing' = 'value'
  const top = () => frames.at(-1)
  const path = () => frames.flatMap((frame) => (frame.kind === 'array' ? ['[]'] : frame.key === null ? [] : [frame.key]))
  const expected = (): JsonContext['expects'] => {
    const frame = top()
    if (frame === undefined) return root
    return frame.expects === 'key' || frame.expects === 'value' ? frame.expects : 'nothing'
  }
  const valueEnded = () => {
    const frame = top()
    if (frame === undefined) root = 'nothing'
    else frame.expects = 'comma'
  }

  while (at < before.length) {
    const character = before[at] ?? ''
    if (character === '"') {
      const from = at
      at += 1
      while (at < before.length && before[at] !== '"') at += before[at] === '\\' ? 2 : 1
      const text = before.slice(from + 1, at)
      if (at >= before.length) return { expects: expected(), path: path(), from, written: unquote(text), inText: true }
      at += 1
      const frame = top()
      if (frame?.kind === 'object' && frame.expects === 'key') {
        frame.key = unquote(text)
        frame.expects = 'colon'
      } else valueEnded()
      continue
    }
    if (character === '{' || character === '[') {
      frames.push({ kind: character === '{' ? 'object' : 'array', key: null, expects: character === '{' ? 'key' : 'value' })
    } else if (character === '}' || character === ']') {
      frames.pop()
      valueEnded()
    } else if (character === ':') {
      const frame = top()
      if (frame !== undefined) frame.expects = 'value'
    } else if (character === ',') {
      const frame = top()
      if (frame !== undefined) {
        frame.expects = frame.kind === 'object' ? 'key' : 'value'
        frame.key = null
      }
    } else if (!/\s/.test(character)) {
      const from = at
      while (at < before.length && /[^\s,:[\]{}"]/.test(before[at] ?? '')) at += 1
      if (at >= before.length) return { expects: expected(), path: path(), from, written: before.slice(from), inText: false }
      valueEnded()
      continue
    }
    at += 1
  }
  return { expects: expected(), path: path(), from: before.length, written: '', inText: false }
}
