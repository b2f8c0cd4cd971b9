import { maxNesting, tooDeep } from './nesting.ts'

/** Half-open range of character offsets in a text. */
export interface TextRange {
  readonly from: number
  readonly to: number
}

/** A JSON value that knows where it stood. Numbers keep their text, so 3 and 3.0 stay apart. */
export type JsonNode = TextRange &
  (
    | { readonly kind: 'object'; readonly entries: JsonEntry[] }
    | { readonly kind: 'array'; readonly items: JsonNode[] }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'number'; readonly text: string }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'null' }
  )

export interface JsonEntry {
  readonly key: string
  readonly keyRange: TextRange
  readonly value: JsonNode
}

export interface TextEdit extends TextRange {
  readonly insert: string
}

/** A place where a text is not JSON, with the edit that would most likely mend it. */
export interface JsonSyntaxError extends TextRange {
  readonly message: string
  readonly fix: { readonly label: string; readonly edit: TextEdit } | null
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const wordPattern = /[^\s,:[\]{}"']+/y
const pythonWords = new Map([
  ['True', 'true'],
  ['False', 'false'],
  ['None', 'null'],
])

/** A level of a filter takes an object and a list; the innermost condition two objects and a list more. */
const maxJsonDepth = 2 * maxNesting + 3

class SyntaxFault extends Error {
  readonly fault: JsonSyntaxError

  constructor(fault: JsonSyntaxError) {
    super(fault.message)
    this.fault = fault
  }
}

class JsonReader {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): JsonNode {
    this.#skipSpace()
    const node = this.#value()
    this.#skipSpace()
    if (this.#at < this.#text.length) this.#fail('Nothing may follow the end of the JSON value.', this.#at, this.#text.length)
    return node
  }

  #fail(message: string, from: number, to: number, fix: JsonSyntaxError['fix'] = null): never {
    const end = this.#text.length
    const edit = fix && { ...fix.edit, from: Math.min(fix.edit.from, end), to: Math.min(fix.edit.to, end) }
    throw new SyntaxFault({ message, from: Math.min(from, end), to: Math.min(to, end), fix: fix && edit && { label: fix.label, edit } })
  }

  #skipSpace(): void {
    while (' \t\n\r\u00a0\ufeff'.includes(this.#text[this.#at] ?? '\0')) this.#at++
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    return pattern.exec(this.#text)?.[0] ?? null
  }

  #value(): JsonNode {
    const from = this.#at
    const character = this.#text[from]
    if (character === '{' || character === '[') {
      if (this.#depth === maxJsonDepth) return this.#fail(`This is nested too deeply: ${tooDeep}`, from, from + 1)
      this.#depth += 1
      const node = character === '{' ? this.#object() : this.#array()
      this.#depth -= 1
      return node
    }
    if (character === '"') return { kind: 'string', value: this.#string(), from, to: this.#at }
    if (character === "'") return this.#singleQuoted()
    if (character === undefined) return this.#fail('The text ends where a value is expected.', Math.max(0, from - 1), from)
    const word = this.#match(wordPattern)
    if (word === null) return this.#fail(`A value is expected here, not ${character}`, from, from + 1)
    const to = from + word.length
    this.#at = to
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true', from, to }
    if (word === 'null') return { kind: 'null', from, to }
    this.#at = from
    if (this.#match(numberPattern) === word) {
      this.#at = to
      return { kind: 'number', text: word, from, to }
    }
    const meant = pythonWords.get(word) ?? (/^[.+\-\d]/.test(word) ? null : JSON.stringify(word))
    return this.#fail(
      `${word} is not a JSON value.`,
      from,
      to,
      meant === null ? null : { label: `Write ${meant}`, edit: { from, to, insert: meant } },
    )
  }

  #singleQuoted(): never {
    const from = this.#at
    const end = this.#text.indexOf("'", from + 1)
    if (end < 0) this.#fail('This text has no closing quote.', from, this.#text.length)
    const insert = JSON.stringify(this.#text.slice(from + 1, end))
    return this.#fail('JSON text stands in double quotes.', from, end + 1, {
      label: 'Use double quotes',
      edit: { from, to: end + 1, insert },
    })
  }

  #string(): string {
    const from = this.#at
    let at = from + 1
    for (;;) {
      const character = this.#text[at]
      if (character === undefined || character === '\n') {
        const edit = { from: at, to: at, insert: '"' }
        this.#fail('This text has no closing quote.', from, at, { label: 'Close the quote', edit })
      }
      if (character === '"') break
      at += character === '\\' ? 2 : 1
    }
    this.#at = at + 1
    const source = this.#text.slice(from, at + 1)
    try {
      // Tabs pasted into a text are harmless, although strict JSON wants them escaped.
      return JSON.parse(source.replaceAll('\t', '\\t')) as string
    } catch {
      return this.#fail('This text holds an escape that JSON does not know.', from, at + 1)
    }
  }

  /** Steps over the comma between two members; returns whether another one follows. */
  #continues(closing: string, opened: number): boolean {
    this.#skipSpace()
    const from = this.#at
    const character = this.#text[from]
    if (character === closing) {
      this.#at++
      return false
    }
    if (character === undefined) {
      const edit = { from, to: from, insert: closing }
      this.#fail(`A closing ${closing} is missing.`, opened, opened + 1, { label: `Add ${closing}`, edit })
    }
    if (character !== ',') {
      const edit = { from, to: from, insert: ', ' }
      this.#fail(`A comma or ${closing} is expected here.`, from, from + 1, { label: 'Add a comma', edit })
    }
    this.#at++
    this.#skipSpace()
    if (this.#text[this.#at] === closing) {
      const edit = { from, to: from + 1, insert: '' }
      this.#fail('JSON has no comma after the last member.', from, from + 1, { label: 'Remove the comma', edit })
    }
    return true
  }

  #array(): JsonNode {
    const from = this.#at++
    const items: JsonNode[] = []
    this.#skipSpace()
    if (this.#text[this.#at] === ']') this.#at++
    else
      do items.push(this.#value())
      while (this.#continues(']', from))
    return { kind: 'array', items, from, to: this.#at }
  }

  #key(): string {
    const from = this.#at
    const character = this.#text[from]
    if (character === '"') return this.#string()
    if (character === "'") return this.#singleQuoted()
    const word = this.#match(wordPattern)
    if (word === null) return this.#fail('A key in double quotes is expected here.', Math.min(from, this.#text.length - 1), from + 1)
    const edit = { from, to: from + word.length, insert: JSON.stringify(word) }
    return this.#fail('A key stands in double quotes.', edit.from, edit.to, { label: 'Add quotes', edit })
  }

  #object(): JsonNode {
    const from = this.#at++
    const entries: JsonEntry[] = []
    this.#skipSpace()
    if (this.#text[this.#at] === '}') this.#at++
    else
      do {
        const keyFrom = this.#at
        const key = this.#key()
        const keyRange = { from: keyFrom, to: this.#at }
        this.#skipSpace()
        if (this.#text[this.#at] !== ':') {
          const edit = { from: keyRange.to, to: keyRange.to, insert: ': ' }
          this.#fail('A colon is expected after the key.', keyRange.from, keyRange.to, { label: 'Add a colon', edit })
        }
        this.#at++
        this.#skipSpace()
        entries.push({ key, keyRange, value: this.#value() })
      } while (this.#continues('}', from))
    return { kind: 'object', entries, from, to: this.#at }
  }
}

/**
 * Reads JSON and remembers where each value stood, for an editor that underlines mistakes.
 * Duplicate keys are kept. Returns the first syntax error instead where there is one; never throws.
 */
export function parsePositionedJson(text: string): { node: JsonNode; error: null } | { node: null; error: JsonSyntaxError } {
  try {
    return { node: new JsonReader(text).document(), error: null }
  } catch (thrown) {
    if (thrown instanceof SyntaxFault) return { node: null, error: thrown.fault }
    throw thrown
  }
}
