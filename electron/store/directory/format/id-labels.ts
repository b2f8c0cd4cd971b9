/** What is asked of the labels of ids; a Map has it too. */
export type LabelsOfIds = Pick<ReadonlyMap<string, number>, 'get' | 'has' | 'size'> & Iterable<[string, number]>

/** FNV-1a, see draft-eastlake-fnv, with the last step of MurmurHash3, since ids that count up differ in few bits. */
const prime = 0x01000193
/** Nobody can choose ids beforehand that all have the same hash. */
const offsetBasis = Math.floor(Math.random() * 2 ** 32)
/** An id that finds no free place within this many is kept as a text. */
const longestSearch = 128
const largestAscii = 127

function finished(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (mixed ^ (mixed >>> 13)) >>> 0
}

function grown<Numbers extends Uint32Array | Float64Array>(numbers: Numbers, larger: Numbers): Numbers {
  larger.set(numbers)
  return larger
}

/**
 * The label of each id of an index, like a Map, but over the bytes of the file: of hundreds of thousands of ids, nearly all are
 * only ever compared. A text is made of an id where it has letters beyond ASCII, and when ids are gone through.
 */
export class IdLabels implements LabelsOfIds {
  readonly #bytes: Buffer
  /** By place: where an id is in the bytes, its length, its hash and its label. The first three say nothing of an id kept as a text. */
  #starts = new Uint32Array(1024)
  #lengths = new Uint32Array(1024)
  #hashes = new Uint32Array(1024)
  #labels = new Float64Array(1024)
  #count = 0
  /** Places of ids, each one more than it is, near their hash; 0 where there is none. */
  #table = new Uint32Array(4096)
  readonly #placesOfTexts = new Map<string, number>()
  readonly #textsAtPlaces = new Map<number, string>()

  /** @param bytes where `add` finds ids; less than 4 GB */
  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get size(): number {
    return this.#count
  }

  /** Sets the label of the id that stands, as UTF-8, at a place in the bytes. */
  add(start: number, length: number, label: number): void {
    const bytes = this.#bytes
    let hash = offsetBasis
    let letters = 0
    for (let at = start; at < start + length; at += 1) {
      const byte = bytes[at] as number
      letters |= byte
      hash = Math.imul(hash ^ byte, prime)
    }
    hash = finished(hash)
    if (letters > largestAscii) {
      this.set(bytes.toString('utf8', start, start + length), label)
      return
    }
    const known = this.#find(hash, length, (other) => this.#isSame(start, other, length))
    if (known >= 0) this.#labels[known] = label
    else if (!this.#insert(hash, this.#count)) this.set(bytes.toString('latin1', start, start + length), label)
    else {
      const place = this.#push(label)
      this.#starts[place] = start
      this.#lengths[place] = length
      this.#hashes[place] = hash
      if (this.#count * 2 > this.#table.length) this.#enlarge()
    }
  }

  /** Sets the label of an id. */
  set(id: string, label: number): void {
    const known = this.#placeOf(id)
    if (known >= 0) {
      this.#labels[known] = label
      return
    }
    const place = this.#push(label)
    this.#keepText(id, place)
  }

  get(id: string): number | undefined {
    const place = this.#placeOf(id)
    return place < 0 ? undefined : this.#labels[place]
  }

  has(id: string): boolean {
    return this.#placeOf(id) >= 0
  }

  *[Symbol.iterator](): Generator<[string, number]> {
    for (let place = 0; place < this.#count; place += 1) yield [this.#idAt(place), this.#labels[place] as number]
  }

  #idAt(place: number): string {
    return this.#textsAtPlaces.get(place) ?? this.#asciiAt(place)
  }

  #asciiAt(place: number): string {
    const start = this.#starts[place] as number
    return this.#bytes.toString('latin1', start, start + (this.#lengths[place] as number))
  }

  #placeOf(id: string): number {
    let hash = offsetBasis
    let letters = 0
    for (let at = 0; at < id.length; at += 1) {
      const letter = id.charCodeAt(at)
      letters |= letter
      hash = Math.imul(hash ^ letter, prime)
    }
    const place = letters <= largestAscii ? this.#find(finished(hash), id.length, (start) => this.#isAt(start, id)) : -1
    return place >= 0 ? place : (this.#placesOfTexts.get(id) ?? -1)
  }

  #isAt(start: number, id: string): boolean {
    for (let at = 0; at < id.length; at += 1) if (this.#bytes[start + at] !== id.charCodeAt(at)) return false
    return true
  }

  #isSame(first: number, second: number, length: number): boolean {
    for (let at = 0; at < length; at += 1) if (this.#bytes[first + at] !== this.#bytes[second + at]) return false
    return true
  }

  /** The place of an id in ASCII, -1 where the table does not have it. */
  #find(hash: number, length: number, isSame: (start: number) => boolean): number {
    const mask = this.#table.length - 1
    for (let step = 0; step < longestSearch; step += 1) {
      const place = (this.#table[(hash + step) & mask] as number) - 1
      if (place < 0) return -1
      if (this.#hashes[place] === hash && this.#lengths[place] === length && isSame(this.#starts[place] as number)) return place
    }
    return -1
  }

  /** Whether there was room near enough. */
  #insert(hash: number, place: number): boolean {
    const mask = this.#table.length - 1
    for (let step = 0; step < longestSearch; step += 1) {
      const slot = (hash + step) & mask
      if (this.#table[slot] !== 0) continue
      this.#table[slot] = place + 1
      return true
    }
    return false
  }

  #push(label: number): number {
    const place = this.#count
    if (place === this.#labels.length) {
      this.#starts = grown(this.#starts, new Uint32Array(place * 2))
      this.#lengths = grown(this.#lengths, new Uint32Array(place * 2))
      this.#hashes = grown(this.#hashes, new Uint32Array(place * 2))
      this.#labels = grown(this.#labels, new Float64Array(place * 2))
    }
    this.#labels[place] = label
    this.#count += 1
    return place
  }

  #keepText(id: string, place: number): void {
    this.#placesOfTexts.set(id, place)
    this.#textsAtPlaces.set(place, id)
  }

  #enlarge(): void {
    this.#table = new Uint32Array(this.#table.length * 4)
    for (let place = 0; place < this.#count; place += 1) {
      if (this.#textsAtPlaces.has(place) || this.#insert(this.#hashes[place] as number, place)) continue
      this.#keepText(this.#asciiAt(place), place)
    }
  }
}
