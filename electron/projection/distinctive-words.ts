import { stopWords } from './stop-words.ts'

const mostLetters = 2000
const leastLetters = 3
/** So many times as often as in documents of other clusters must a word be in those of its own. */
const leastLift = 1.25
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

let segmenter: Intl.Segmenter | null = null

/** Words of a text in lower case, without numbers; short ones only of scripts whose words are short. */
export function wordsOf(text: string): string[] {
  const cut = text.slice(0, mostLetters).toLowerCase()
  if (!unspaced.test(cut)) return (cut.match(/[\p{L}\p{M}][\p{L}\p{M}\p{N}'’_-]*/gu) ?? []).filter((word) => word.length >= leastLetters)
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' })
  return [...segmenter.segment(cut)].flatMap(({ segment, isWordLike }) =>
    isWordLike && (unspaced.test(segment) ? segment.length >= 2 : /\p{L}/u.test(segment) && segment.length >= leastLetters)
      ? [segment]
      : [],
  )
}

/**
 * Words that tell each cluster from the others, most distinctive first, by class-based TF-IDF: a word's share of the cluster
 * times log(1 + mean words of a cluster / occurrences in all) (Grootendorst 2022, "BERTopic", arXiv 2203.05794), times the inverse of the
 * share of clusters that have the word, so that what is said everywhere tells nothing. Stop words are left out, and of several clusters
 * also words that are hardly more frequent in the cluster than outside of it. A word counts once for each document, so that one long
 * document does not speak for its cluster, and must occur in two.
 * @param clusters cluster of each document; -1 for none, which then counts only as elsewhere
 */
export function distinctiveWords(documents: readonly string[], clusters: Int32Array, count: number, most = 5): string[][] {
  const everywhere = new Map<string, number>()
  const inCluster = Array.from({ length: count }, () => new Map<string, number>())
  const totals = new Float64Array(count)
  const sizes = new Float64Array(count)
  let total = 0
  for (const [place, document] of documents.entries()) {
    const cluster = clusters[place] as number
    const words = inCluster[cluster]
    if (words) sizes[cluster] = (sizes[cluster] as number) + 1
    for (const word of new Set(wordsOf(document))) {
      if (stopWords.has(word)) continue
      everywhere.set(word, (everywhere.get(word) ?? 0) + 1)
      total += 1
      if (!words) continue
      words.set(word, (words.get(word) ?? 0) + 1)
      totals[cluster] = (totals[cluster] as number) + 1
    }
  }
  const mean = total / Math.max(1, count)
  const clustersWith = new Map<string, number>()
  for (const words of inCluster) for (const word of words.keys()) clustersWith.set(word, (clustersWith.get(word) ?? 0) + 1)
  return inCluster.map((words, cluster) =>
    [...words]
      .filter(([word, occurrences]) => {
        const [size, elsewhere] = [sizes[cluster] as number, documents.length - (sizes[cluster] as number)]
        const outside = (everywhere.get(word) ?? 0) - occurrences
        return occurrences >= 2 && occurrences * elsewhere >= leastLift * outside * size
      })
      .map(([word, occurrences]) => {
        const share = occurrences / (totals[cluster] as number)
        const rarity = Math.log(1 + mean / (everywhere.get(word) ?? 1)) * Math.log(1 + count / (clustersWith.get(word) ?? 1))
        return { word, score: share * rarity }
      })
      .toSorted((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1))
      .slice(0, most)
      .map(({ word }) => word),
  )
}
