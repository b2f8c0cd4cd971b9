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

const functionWords = new Set(
  ('a an the this that these those and or but if then than so as of in on at by to from for with about into over after before is am are was were be been being ' +
    'do does did doing have has had can could will would shall should may might must i me my mine we us our you your he him his she her it its they them their ' +
    'what which who whom whose when where why how there here just also please hi hello hey thanks thank dear need want know tell help way possible get let ' +
    'not no nor without never dont doesnt cant isnt wont im ive id whats hows any some all').split(' '),
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

function addWord(counts: Map<string, number>, word: string, weight: number): void {
  counts.set(word, (counts.get(word) ?? 0) + weight)
}

/** Weighted features of a text: words, pairs of neighbouring content words, and letter groups of content words. */
function features(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  const normal = text.normalize('NFKC').toLowerCase().replaceAll(/['’]/g, '')
  let before: string | null = null
  for (const [token] of normal.matchAll(tokens)) {
    if (ideographs.test(token)) {
      const letters = [...token]
      for (const [index, letter] of letters.entries()) {
        addWord(counts, `i ${letter}`, weights.ideograph)
        const next = letters[index + 1]
        if (next !== undefined) addWord(counts, `j ${letter}${next}`, weights.ideographPair)
      }
      before = token
      continue
    }
    if (functionWords.has(token)) {
      addWord(counts, `w ${token}`, weights.functionWord)
      continue
    }
    const word = stem(token)
    addWord(counts, `w ${word}`, weights.word)
    if (before !== null) addWord(counts, `p ${before} ${word}`, weights.wordPair)
    before = word
    addGrams(counts, token)
  }
  return counts
}

/** Letter groups share one weight per word, whatever its length; they let misspelt and inflected words meet. */
function addGrams(counts: Map<string, number>, token: string): void {
  const framed = [...`^${token}$`]
  const grams = gramLengths.flatMap((length) => framed.slice(length - 1).map((_, at) => framed.slice(at, at + length).join('')))
  const weight = weights.gram / Math.sqrt(Math.max(1, grams.length))
  for (const gram of grams) addWord(counts, `g ${gram}`, weight)
}

/**
 * Embeds one text by signed feature hashing (Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning"):
 * each feature adds its weight, with a sign, at a place that its hash names. Repetition counts with its square root.
 * Writes `dimension` floats with norm 1 into `target` from `offset`, or zeros for a text without letters or digits.
 */
function embedText(text: string, target: Float32Array, offset: number, dimension: number): void {
  const sums = new Float64Array(dimension)
  for (const [feature, count] of features(text)) {
    const hash = murmur3(utf8.encode(feature), seed)
    const place = (hash >>> 1) % dimension
    const weight = count > 1 ? Math.sqrt(count) : count
    sums[place] = (sums[place] ?? 0) + ((hash & 1) === 1 ? weight : -weight)
  }
  let squares = 0
  for (const value of sums) squares += value * value
  const norm = Math.sqrt(squares)
  for (let at = 0; at < dimension; at++) target[offset + at] = norm === 0 ? 0 : (sums[at] ?? 0) / norm
}

/**
 * Lexical hashing: vectors from the words and letters of a text alone, without a model or a download. Texts are near when
 * they share words, however they are spelt; meaning beyond words is not seen. Works for any script.
 * @param dimension length of the vectors, 2 or more; 384 unless told
 */
export function createHashingEmbedder(dimension = 384): Embedder {
  return {
    name: hashingEmbedderName,
    dimension,
    async embed(texts: readonly string[], { signal }: EmbedOptions): Promise<Float32Array> {
      const vectors = new Float32Array(texts.length * dimension)
      for (const [index, text] of texts.entries()) {
        if (index % chunk === 0) {
          await new Promise((resolve) => setImmediate(resolve))
          if (signal?.aborted) throw new AppError('cancelled', 'The operation was cancelled.')
        }
        embedText(text, vectors, index * dimension, dimension)
      }
      return vectors
    },
  }
}
