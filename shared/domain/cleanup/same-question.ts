import { normaliseText } from '../lookup-normalise.ts'

const plain = { unicode: true, lowerCase: true, stripPunctuation: true, collapseSpace: true, trim: true }

/** Words of politeness and urgency that change nothing about what is asked. */
const courtesies = new Set(
  (
    'hi hello hey there team good morning afternoon evening dear all thanks thank you in advance many please kindly help quick question ' +
    'let me know it is urgent asap regards cheers hallo danke bitte guten tag bonjour merci svp hola gracias por favor ciao grazie'
  ).split(' '),
)
const negations = new Set(
  'not no never none dont doesnt didnt cant cannot wont isnt arent without nicht kein keine nie ohne pas jamais sans nunca sin'.split(' '),
)
/** Words that mean the contrary of another one of them. */
const opposites = new Set(
  (
    'before after enable disable enabled disabled add remove upgrade downgrade increase decrease open close start stop on off allow deny ' +
    'buy sell monthly yearly first last minimum maximum import export connect disconnect lock unlock up down true false'
  ).split(' '),
)
/** Words with another meaning that are one slip of the keyboard apart are rare among long words only. */
const leastTypoLength = 5

/** The words of a text as an exact comparison sees it: NFKC, lower case, without punctuation. */
export function plainWords(text: string): string[] {
  const bare = normaliseText(text.replaceAll(/['’]/g, ''), plain)
  return bare === '' ? [] : bare.split(' ')
}

/** Whether two words are one insertion, deletion, substitution or swap of neighbours apart (F. Damerau 1964). */
function isOneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start += 1
  const [restA, restB] = [a.slice(start), b.slice(start)]
  if (restA.length === restB.length) {
    if (restA.slice(1) === restB.slice(1)) return true
    return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2)
  }
  return restA.length > restB.length ? restA.slice(1) === restB : restB.slice(1) === restA
}

/** What remains of one list once every word of the other was taken out once. */
function without(words: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const word of others) counts.set(word, (counts.get(word) ?? 0) + 1)
  return words.filter((word) => {
    const count = counts.get(word) ?? 0
    if (count > 0) counts.set(word, count - 1)
    return count === 0
  })
}

/** Whether two lists are the same words in the same order, but for one mistyped word. */
function isSameBut(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  const places = [...a.keys()].filter((at) => a[at] !== b[at])
  const [left, right] = [a[places[0] ?? -1], b[places[0] ?? -1]]
  if (left === undefined || right === undefined) return true
  return (
    places.length === 1 && Math.min(left.length, right.length) >= leastTypoLength && !/\p{N}/u.test(left + right) && isOneSlip(left, right)
  )
}

function withoutCourtesies(words: readonly string[]): string[] {
  return words.filter((word) => !courtesies.has(word))
}

/**
 * Whether two texts ask the same in the same words: beside words of politeness they differ in one mistyped word at most. A gate on
 * words beside the similarity of vectors: those of questions that differ in a number, a name, a "not" or in the order are alike.
 */
export function isSameQuestion(left: readonly string[], right: readonly string[]): boolean {
  return isSameBut(withoutCourtesies(left), withoutCourtesies(right))
}

/** Whether two texts name the same numbers, and agree in what they deny and in words that have an opposite. */
export function agreeInMarks(left: readonly string[], right: readonly string[]): boolean {
  const marks = (words: readonly string[]): string =>
    words
      .filter((word) => /\p{N}/u.test(word) || negations.has(word) || opposites.has(word))
      .toSorted()
      .join(' ')
  return marks(left) === marks(right)
}

/** Whether two texts have the same words in another order, as where two names change places. */
export function isReordered(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && without(left, right).length === 0 && left.some((word, at) => word !== right[at])
}

/** Whether what sets two questions apart sets their answers apart as well: a word that only one question has is in its answer alone. */
export function answersFollow(
  questions: readonly [readonly string[], readonly string[]],
  answers: readonly [readonly string[], readonly string[]],
): boolean {
  const shared = (side: 0 | 1): boolean => {
    const other = side === 0 ? 1 : 0
    const ofAnswer = new Set(without(answers[side], answers[other]))
    return without(questions[side], questions[other]).some((word) => ofAnswer.has(word))
  }
  return shared(0) || shared(1)
}

/** Equal for texts that ask the same but for politeness; null where nothing else is in a text. */
export function questionKey(words: readonly string[]): string | null {
  const key = withoutCourtesies(words).join(' ')
  return key === '' ? null : key
}
