import { plainWords } from './same-question.ts'

/** Words that a text needs before it can be said to repeat itself. */
const leastWords = 24
/** Below this share of distinct runs of three words a text is a loop: ordinary prose stays above 0.8. */
const loopShare = 0.4

/** Whether there is no text, or nothing in it but space. */
export function isEmptyText(text: string | null): boolean {
  return text === null || text.trim() === ''
}

/** Whether a text says the same over and over, as a model does that fell into a loop. */
export function repeatsItself(text: string): boolean {
  const words = plainWords(text.slice(0, 20_000))
  if (words.length < leastWords) return false
  const runs = new Set<string>()
  for (let at = 0; at + 2 < words.length; at += 1) runs.add(`${words[at]} ${words[at + 1]} ${words[at + 2]}`)
  return runs.size / (words.length - 2) < loopShare
}
