import { AppError } from '../../shared/rpc/errors.ts'
import type { Embedder, EmbedOptions } from './embedder.ts'
import { murmur3 } from './murmur3.ts'

/** Name under which collections record this embedder. */
export const hashingEmbedderName = 'lexical-hashing'

const seed = 0x4d6e656d
const weights = { word: 1, functionWord: 0.25, wordPair: 0.3, gram: 0.5, ideograph: 0.7, ideographPair: 1 }
const gramLengths = [3, 4]
/** Texts embedded between two looks at the signal. */
const chunk = 256
const mostKnownTerms = 100_000

const functionWords = new Set(
  (
    'a an the this that these those and or but if then than so as of in on at by to from for with about into over after before is am are was were be been being ' +
    'do does did doing have has had can could will would shall should may might must i me my mine we us our you your he him his she her it its they them their ' +
    'what which who whom whose when where why how there here just also please hi hello hey thanks thank dear need want know tell help way possible get let ' +
    'not no nor without never dont doesnt cant isnt wont im ive id whats hows any some all'
  ).split(' '),
)

const ideographs = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]+$/u
const tokens = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]+|[\p{L}\p{N}]+(?:[.,]\p{N}+)*/gu
const utf8 = new TextEncoder()

/** Cuts the commonest English endings, so that "invoices" and "invoice", "exported" and "export" meet. */
function stem(word: string): string {
  if (word.length > 5 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.length > 6 && word.endsWith('ing')) return word.slice(0, -3)
  if (word.length > 5 && word.endsWith('ed')) return word.slice(0, -2)
  if (word.length > 3 && word.endsWith('s') && !word.endsWith('ss') && !word.endsWith('us')) return word.slice(0, -1)
  return word.length > 4 && word.endsWith('e') ? word.slice(0, -1) : word
}

/** Where a feature's weight goes: pairs of place and signed weight. */
type Contribution = readonly number[]

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** A text as words, each with the number of times it occurs, and pairs of neighbouring content words. Pairs are joined by a space. */
function countTerms(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  const normal = text.normalize('NFKC').toLowerCase().replaceAll(/['’]/g, '')
  let before: string | null = null
  for (const [token] of normal.matchAll(tokens)) {
    if (ideographs.test(token)) {
      const letters = [...token]
      for (const [index, letter] of letters.entries()) {
        count(counts, letter)
        const next = letters[index + 1]
        if (next !== undefined) count(counts, letter + next)
      }
      before = token
      continue
    }
    count(counts, token)
    if (functionWords.has(token)) continue
    const word = stem(token)
    if (before !== null) count(counts, `${before} ${word}`)
    before = word
  }
  return counts
}

/** Letter groups share one weight per word, whatever its length; they let misspelt and inflected words meet. */
function letterGroups(token: string): string[] {
  const framed = [...`^${token}$`]
  return gramLengths.flatMap((length) => framed.slice(length - 1).map((_, at) => framed.slice(at, at + length).join('')))
}

/** The features of a term, unhashed: a name that tells their kinds apart, and a weight. */
function features(term: string): (readonly [name: string, weight: number])[] {
  if (term.includes(' ')) return [[`p ${term}`, weights.wordPair]]
  if (ideographs.test(term)) return [[`i ${term}`, term.length === 1 ? weights.ideograph : weights.ideographPair]]
  if (functionWords.has(term)) return [[`w ${term}`, weights.functionWord]]
  const groups = letterGroups(term)
  const share = weights.gram / Math.sqrt(Math.max(1, groups.length))
  return [[`w ${stem(term)}`, weights.word], ...groups.map((group) => [`g ${group}`, share] as const)]
}

/**
 * Signed feature hashing (Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning"): each feature adds its
 * weight, with a sign, at a place that its hash names.
 */
class FeatureHasher {
  readonly #dimension: number
  readonly #known = new Map<string, Contribution>()

  constructor(dimension: number) {
    this.#dimension = dimension
  }

  /** Terms come back often, so what they contribute is kept. */
  #contribution(term: string): Contribution {
    const known = this.#known.get(term)
    if (known !== undefined) return known
    const contribution = features(term).flatMap(([name, weight]) => {
      const hash = murmur3(utf8.encode(name), seed)
      return [(hash >>> 1) % this.#dimension, (hash & 1) === 1 ? weight : -weight]
    })
    if (this.#known.size >= mostKnownTerms) this.#known.clear()
    this.#known.set(term, contribution)
    return contribution
  }

  /** Writes one vector of norm 1 from `offset`, or zeros for a text without letters or digits. Repetition counts by its square root. */
  embed(text: string, target: Float32Array, offset: number): void {
    const sums = new Float64Array(this.#dimension)
    for (const [term, times] of countTerms(text)) {
      const factor = Math.sqrt(times)
      const contribution = this.#contribution(term)
      for (let at = 0; at < contribution.length; at += 2) {
        const place = contribution[at] as number
        sums[place] = (sums[place] as number) + factor * (contribution[at + 1] as number)
      }
    }
    let squares = 0
    for (const value of sums) squares += value * value
    const norm = Math.sqrt(squares)
    if (norm === 0) return
    for (const [at, value] of sums.entries()) target[offset + at] = value / norm
  }
}

/**
 * Lexical hashing: vectors from the words and letters of a text alone, without a model or a download. Texts are near when
 * they share words, however they are spelt; meaning beyond words is not seen. Works for any script.
 * @param dimension length of the vectors, 2 or more; 384 unless told
 */
export function createHashingEmbedder(dimension = 384): Embedder {
  const hasher = new FeatureHasher(dimension)
  return {
    name: hashingEmbedderName,
    dimension,
    async embed(texts: readonly string[], { signal, onProgress }: EmbedOptions): Promise<Float32Array<ArrayBuffer>> {
      const vectors = new Float32Array(texts.length * dimension)
      for (const [index, text] of texts.entries()) {
        if (index % chunk === 0) {
          await new Promise((resolve) => setImmediate(resolve))
          if (signal?.aborted) throw new AppError('cancelled', 'The operation was cancelled.')
          onProgress?.(index, texts.length)
        }
        hasher.embed(text, vectors, index * dimension)
      }
      onProgress?.(texts.length, texts.length)
      return vectors
    },
  }
}
