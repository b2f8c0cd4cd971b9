import { IdLabels } from './id-labels.ts'
import { opcodes } from './pickle-opcodes.ts'

/** The only class that a pickle may name: what Chroma's Python versions kept this file as. */
const knownModule = 'chromadb.segment.impl.vector.local_persistent_hnsw'
const knownName = 'PersistentData'

const longestStack = 4_000_000
const largestMemo = longestStack * 4
export const mark = Symbol('mark')
const persistentData = Symbol('class')
const unread = Symbol('unread')

/** A dict or an object by its attributes; only filled, never searched, while the pickle is read. */
export class PickleDict {
  readonly keys: unknown[] = []
  readonly values: unknown[] = []

  set(key: unknown, value: unknown): void {
    this.keys.push(key)
    this.values.push(value)
  }
}

/** A text that was remembered, but not made into one yet. */
class TextPlace {
  readonly at: number
  readonly length: number

  constructor(at: number, length: number) {
    this.at = at
    this.length = length
  }
}

/** Why a pickle cannot be read on. */
export class PickleProblem extends Error {}

/** The pickle machine, without the instructions that run programs. */
export class PickleMachine {
  readonly #bytes: Buffer
  readonly stack: unknown[] = []
  /** What was read of `id_to_label` in the form that Chroma writes it; the rest of it, if any, is in its dict. */
  readonly idLabels: IdLabels
  readonly #memo: unknown[] = []
  #at = 0
  #hasIds = false
  #skipsTexts = false

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.idLabels = new IdLabels(bytes)
  }

  /** Runs to STOP. @throws PickleProblem; what was built until then stays on the stack */
  run(): void {
    while (this.#step(this.#byte())) if (this.stack.length > longestStack) throw new PickleProblem('it is nested too deeply')
  }

  #take(length: number): number {
    const at = this.#at
    if (!(length >= 0) || at + length > this.#bytes.length) throw new PickleProblem('it ends too early')
    this.#at += length
    return at
  }

  #byte(): number {
    return this.#bytes[this.#take(1)] ?? 0
  }

  #pop(): unknown {
    if (this.stack.length === 0) throw new PickleProblem('its stack is empty')
    const value = this.stack.pop()
    if (value === mark) throw new PickleProblem('a value is missing')
    return value
  }

  #popToMark(): unknown[] {
    const from = this.stack.lastIndexOf(mark)
    if (from < 0) throw new PickleProblem('a mark is missing')
    const values = this.stack.slice(from + 1)
    this.stack.length = from
    return values
  }

  #text(length: number): void {
    const at = this.#take(length)
    if (this.#skipsTexts) {
      this.stack.push(unread)
      return
    }
    const text = this.#bytes.toString('utf8', at, at + length)
    if (text === 'id_to_label') this.#hasIds = true
    // Everything after the ids repeats them, so it need not be made into texts again.
    if (text === 'label_to_id' && this.#hasIds) this.#skipsTexts = true
    this.stack.push(this.#skipsTexts ? unread : text)
  }

  #line(): string {
    const end = this.#bytes.indexOf(10, this.#at)
    if (end < 0) throw new PickleProblem('it ends too early')
    const at = this.#take(end - this.#at + 1)
    return this.#bytes.toString('utf8', at, end)
  }

  #long(length: number): void {
    if (length > 16) throw new PickleProblem('a number is too long')
    const at = this.#take(length)
    let value = 0n
    for (let index = length - 1; index >= 0; index -= 1) value = (value << 8n) | BigInt(this.#bytes[at + index] ?? 0)
    this.stack.push(Number(BigInt.asIntN(length * 8 || 1, value)))
  }

  #remember(index: number): void {
    if (index > largestMemo) throw new PickleProblem('a memo number is too large')
    this.#memo[index] = this.stack.at(-1)
  }

  #recall(index: number): void {
    if (!(index in this.#memo)) throw new PickleProblem('a memo number is unknown')
    const value = this.#memo[index]
    if (!(value instanceof TextPlace)) this.stack.push(value)
    else this.stack.push(this.#skipsTexts ? unread : this.#bytes.toString('utf8', value.at, value.at + value.length))
  }

  /** The text whose instruction is at `at`; null where it is no text or does not end within the file. */
  #textPlace(at: number): TextPlace | null {
    const bytes = this.#bytes
    const opcode = bytes[at]
    const header = opcode === opcodes.BINUNICODE ? 5 : 2
    if ((opcode !== opcodes.BINUNICODE && opcode !== opcodes.SHORT_BINUNICODE) || at + header > bytes.length) return null
    const length = header === 5 ? bytes.readUInt32LE(at + 1) : (bytes[at + 1] as number)
    return at + header + length > bytes.length ? null : new TextPlace(at + header, length)
  }

  /** Bytes of the small whole number whose instruction is at `at`; 0 where it is none. */
  #numberBytes(at: number): number {
    const opcode = this.#bytes[at]
    const bytes = opcode === opcodes.BININT ? 5 : opcode === opcodes.BININT2 ? 3 : opcode === opcodes.BININT1 ? 2 : 0
    return at + bytes > this.#bytes.length ? 0 : bytes
  }

  /** Bytes of the instruction at `at` if it puts what was read last into the memo; else 0. */
  #memoBytes(at: number): number {
    const opcode = this.#bytes[at]
    if (opcode === opcodes.MEMOIZE) return 1
    if (opcode === opcodes.BINPUT) return at + 2 > this.#bytes.length ? 0 : 2
    if (opcode !== opcodes.LONG_BINPUT || at + 5 > this.#bytes.length) return 0
    return this.#bytes.readUInt32LE(at + 1) > largestMemo ? 0 : 5
  }

  /** Bytes of the instruction at `at` if it takes something that is known from the memo; else 0. */
  #recallBytes(at: number): number {
    const bytes = this.#bytes
    if (bytes[at] === opcodes.BINGET && at + 2 <= bytes.length) return (bytes[at + 1] as number) in this.#memo ? 2 : 0
    if (bytes[at] === opcodes.LONG_BINGET && at + 5 <= bytes.length) return bytes.readUInt32LE(at + 1) in this.#memo ? 5 : 0
    return 0
  }

  #rememberText(text: TextPlace, at: number, size: number): void {
    if (size === 1) this.#memo.push(text)
    else if (size > 1) this.#memo[size === 2 ? (this.#bytes[at + 1] as number) : this.#bytes.readUInt32LE(at + 1)] = text
  }

  /**
   * Ids and their labels make up half of the file. They are taken in without going over the stack, and without making texts of
   * them; the first pair that looks otherwise is left to the instructions.
   */
  #readPairs(): void {
    const bytes = this.#bytes
    for (;;) {
      const text = this.#textPlace(this.#at)
      if (!text) return
      const memoAt = text.at + text.length
      const memoBytes = this.#memoBytes(memoAt)
      const at = memoAt + memoBytes
      const size = this.#numberBytes(at)
      if (size === 0) return
      const label = size === 5 ? bytes.readInt32LE(at + 1) : size === 3 ? bytes.readUInt16LE(at + 1) : (bytes[at + 1] as number)
      this.#rememberText(text, memoAt, memoBytes)
      this.idLabels.add(text.at, text.length, label)
      this.#at = at + size
    }
  }

  /** The other half says the same the other way round: passed over as far as it looks so. */
  #skipPairs(): void {
    for (;;) {
      const textAt = this.#at + this.#numberBytes(this.#at)
      if (textAt === this.#at) return
      const text = this.#textPlace(textAt)
      const end = text ? text.at + text.length : textAt + this.#recallBytes(textAt)
      if (end === textAt) return
      const memoBytes = text ? this.#memoBytes(end) : 0
      if (text) this.#rememberText(text, end, memoBytes)
      this.#at = end + memoBytes
    }
  }

  #class(module: unknown, name: unknown): void {
    if (module !== knownModule || name !== knownName)
      throw new PickleProblem(`it asks for the program ${String(module)}.${String(name)}, which is refused`)
    this.stack.push(persistentData)
  }

  #setItems(target: unknown, items: readonly unknown[]): void {
    if (!(target instanceof PickleDict) || items.length % 2 !== 0) throw new PickleProblem('items are set on something else than a dict')
    for (let index = 0; index < items.length; index += 2) target.set(items[index], items[index + 1])
  }

  #build(state: unknown): void {
    const target = this.stack.at(-1)
    const attributes: unknown = Array.isArray(state) ? state[0] : state
    if (!(target instanceof PickleDict) || !(attributes instanceof PickleDict)) throw new PickleProblem('an object has no attributes')
    for (const [index, key] of attributes.keys.entries()) target.set(key, attributes.values[index])
  }

  #step(opcode: number): boolean {
    const bytes = this.#bytes
    const { stack } = this
    switch (opcode) {
      case opcodes.PROTO:
        if (this.#byte() > 5) throw new PickleProblem('its protocol is not known')
        return true
      case opcodes.FRAME:
        this.#take(8)
        return true
      case opcodes.STOP:
        return false
      case opcodes.MARK:
        stack.push(mark)
        if (this.#skipsTexts) this.#skipPairs()
        else if (stack.at(-2) instanceof PickleDict && stack.at(-3) === 'id_to_label') this.#readPairs()
        return true
      case opcodes.POP:
        this.#pop()
        return true
      case opcodes.POP_MARK:
        this.#popToMark()
        return true
      case opcodes.NONE:
        stack.push(null)
        return true
      case opcodes.NEWTRUE:
        stack.push(true)
        return true
      case opcodes.NEWFALSE:
        stack.push(false)
        return true
      case opcodes.BININT:
        stack.push(bytes.readInt32LE(this.#take(4)))
        return true
      case opcodes.BININT1:
        stack.push(this.#byte())
        return true
      case opcodes.BININT2:
        stack.push(bytes.readUInt16LE(this.#take(2)))
        return true
      case opcodes.BINFLOAT:
        stack.push(bytes.readDoubleBE(this.#take(8)))
        return true
      case opcodes.LONG1:
        this.#long(this.#byte())
        return true
      case opcodes.LONG4:
        this.#long(bytes.readInt32LE(this.#take(4)))
        return true
      case opcodes.BINUNICODE:
        this.#text(bytes.readUInt32LE(this.#take(4)))
        return true
      case opcodes.SHORT_BINUNICODE:
        this.#text(this.#byte())
        return true
      case opcodes.BINUNICODE8:
        this.#text(Number(bytes.readBigUInt64LE(this.#take(8))))
        return true
      case opcodes.SHORT_BINBYTES:
        this.#take(this.#byte())
        stack.push(unread)
        return true
      case opcodes.BINBYTES:
        this.#take(bytes.readUInt32LE(this.#take(4)))
        stack.push(unread)
        return true
      case opcodes.EMPTY_LIST:
        stack.push([])
        return true
      case opcodes.APPEND:
      case opcodes.APPENDS:
        this.#append(opcode === opcodes.APPEND ? [this.#pop()] : this.#popToMark())
        return true
      case opcodes.EMPTY_TUPLE:
        stack.push([])
        return true
      case opcodes.TUPLE:
        stack.push(this.#popToMark())
        return true
      case opcodes.TUPLE1:
      case opcodes.TUPLE2:
      case opcodes.TUPLE3:
        stack.push(Array.from({ length: opcode - opcodes.TUPLE1 + 1 }, () => this.#pop()).reverse())
        return true
      case opcodes.EMPTY_DICT:
        stack.push(new PickleDict())
        return true
      case opcodes.DICT: {
        const dict = new PickleDict()
        this.#setItems(dict, this.#popToMark())
        stack.push(dict)
        return true
      }
      case opcodes.SETITEM: {
        const value = this.#pop()
        const key = this.#pop()
        this.#setItems(stack.at(-1), [key, value])
        return true
      }
      case opcodes.SETITEMS: {
        const items = this.#popToMark()
        this.#setItems(stack.at(-1), items)
        return true
      }
      case opcodes.BINPUT:
        this.#remember(this.#byte())
        return true
      case opcodes.LONG_BINPUT:
        this.#remember(bytes.readUInt32LE(this.#take(4)))
        return true
      case opcodes.MEMOIZE:
        this.#remember(this.#memo.length)
        return true
      case opcodes.BINGET:
        this.#recall(this.#byte())
        return true
      case opcodes.LONG_BINGET:
        this.#recall(bytes.readUInt32LE(this.#take(4)))
        return true
      case opcodes.GLOBAL: {
        const module = this.#line()
        this.#class(module, this.#line())
        return true
      }
      case opcodes.STACK_GLOBAL: {
        const name = this.#pop()
        this.#class(this.#pop(), name)
        return true
      }
      case opcodes.NEWOBJ:
        this.#pop()
        if (this.#pop() !== persistentData) throw new PickleProblem('it makes an object of an unknown kind')
        stack.push(new PickleDict())
        return true
      case opcodes.BUILD:
        this.#build(this.#pop())
        return true
      default:
        throw new PickleProblem(`it holds the instruction 0x${opcode.toString(16)}, which is refused`)
    }
  }

  #append(items: readonly unknown[]): void {
    const target = this.stack.at(-1)
    if (!Array.isArray(target)) throw new PickleProblem('items are added to something else than a list')
    for (const item of items) target.push(item)
  }
}
