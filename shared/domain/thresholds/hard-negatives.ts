import { z } from 'zod'
import { diffTokens, type DiffToken } from '../token-diff.ts'

export const hardNegativeKinds = ['negation', 'number', 'unit', 'entity', 'order'] as const
export const hardNegativeKindSchema = z.enum(hardNegativeKinds)
export type HardNegativeKind = z.infer<typeof hardNegativeKindSchema>

/** Two texts that read alike and ask different things. */
export interface HardNegative {
  readonly kind: HardNegativeKind
  readonly original: string
  readonly changed: string
}

const opposites = [
  ['enable', 'disable'],
  ['add', 'remove'],
  ['before', 'after'],
  ['upgrade', 'downgrade'],
  ['connect', 'disconnect'],
  ['increase', 'decrease'],
  ['import', 'export'],
  ['install', 'uninstall'],
  ['open', 'close'],
  ['start', 'stop'],
  ['with', 'without'],
  ['show', 'hide'],
  ['allow', 'forbid'],
] as const
const oppositeOf = new Map<string, string>(
  opposites.flatMap(([one, other]): [string, string][] => [
    [one, other],
    [other, one],
  ]),
)

const auxiliaries = new Set('is are was were am can could will would should must may might do does did has have had'.split(' '))

const unitGroups = [
  ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'],
  ['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years'],
  ['daily', 'weekly', 'monthly', 'yearly'],
  ['kb', 'mb', 'gb', 'tb'],
  ['mm', 'cm', 'm', 'km'],
  ['mg', 'g', 'kg'],
  ['€', '$', '£'],
  ['eur', 'usd', 'gbp'],
  ['euros', 'dollars', 'pounds'],
  ['celsius', 'fahrenheit'],
]
const nextUnit = new Map(
  unitGroups.flatMap((group) => group.map((unit, at): [string, string] => [unit, group[(at + 1) % group.length] ?? unit])),
)

const orderWords = new Set('to into before after instead than versus vs over'.split(' '))
/** Those between which words that are no names may change places too: "before" and "over" join more than the words beside them. */
const wordOrders = new Set('instead versus vs'.split(' '))
const functionWords = new Set(
  'a an the this that these those my your our their its his her i you we they it of in on at by for with to from and or not no be is are do scratch'.split(
    ' ',
  ),
)

/** The second text in the capitals of the first. */
function cased(like: string, text: string): string {
  if (like.length > 1 && like === like.toUpperCase() && like !== like.toLowerCase()) return text.toUpperCase()
  return /^\p{Lu}/u.test(like) ? text.charAt(0).toUpperCase() + text.slice(1) : text
}

function joined(tokens: readonly DiffToken[], end: string): string {
  return tokens.map(({ space, text }) => space + text).join('') + end
}

function replaced(tokens: readonly DiffToken[], at: number, text: string): DiffToken[] {
  return tokens.map((token, place) => (place === at ? { ...token, text } : token))
}

function negated(tokens: readonly DiffToken[]): DiffToken[] | null {
  const opposite = tokens.findIndex(({ text }) => oppositeOf.has(text.toLowerCase()))
  const word = tokens[opposite]
  if (word !== undefined) return replaced(tokens, opposite, cased(word.text, oppositeOf.get(word.text.toLowerCase()) ?? word.text))
  const not = tokens.findIndex(({ text }) => /^(?:not|never)$/i.test(text))
  if (not > 0) return tokens.filter((_, at) => at !== not)
  const auxiliary = tokens.findIndex(({ text }) => auxiliaries.has(text.toLowerCase()))
  const helper = tokens[auxiliary]
  if (helper === undefined) return null
  // In a question the subject stands between the helper and the verb: "can I not use", but "it is not".
  const subject = tokens[auxiliary + 1]?.text.toLowerCase() ?? ''
  const after = auxiliary + (/^(?:i|you|we|they|he|she|it|there|one)$/.test(subject) ? 2 : 1)
  return [...tokens.slice(0, after), { ...helper, space: ' ', text: 'not' }, ...tokens.slice(after)]
}

function otherNumber(tokens: readonly DiffToken[]): DiffToken[] | null {
  const at = tokens.findIndex(({ text }) => /^\d+$/.test(text) && text.length < 10)
  const token = tokens[at]
  if (token === undefined) return null
  const value = Number(token.text)
  // Years stay years and small counts small, so that the text reads as well as before.
  return replaced(tokens, at, String(value >= 1900 && value < 2100 ? value + 1 : value < 10 ? value + 1 : value * 2))
}

function otherUnit(tokens: readonly DiffToken[]): DiffToken[] | null {
  const at = tokens.findIndex(({ text, mark }) => nextUnit.has(text.toLowerCase()) && (text.length > 2 || mark === 'unit'))
  const token = tokens[at]
  return token === undefined ? null : replaced(tokens, at, cased(token.text, nextUnit.get(token.text.toLowerCase()) ?? token.text))
}

function otherEntity(tokens: readonly DiffToken[], names: readonly string[]): DiffToken[] | null {
  const at = tokens.findIndex(({ mark }) => mark === 'name')
  const token = tokens[at]
  if (token === undefined || names.length < 2) return null
  const own = names.indexOf(token.text)
  const other = names[(own + 1) % names.length]
  return other === undefined || other === token.text ? null : replaced(tokens, at, other)
}

/** First and last place of the names around a place, one beside the other; null where there is none. */
function namesAt(tokens: readonly DiffToken[], at: number): [first: number, last: number] | null {
  if (tokens[at]?.mark !== 'name') return null
  let [first, last] = [at, at]
  while (tokens[first - 1]?.mark === 'name') first -= 1
  while (tokens[last + 1]?.mark === 'name') last += 1
  return [first, last]
}

function isContent(text: string | undefined): boolean {
  return text !== undefined && /^[\p{L}\p{N}]/u.test(text) && !functionWords.has(text.toLowerCase())
}

/** What stands on both sides of a word that orders it, first and last place of each; null where changing places would be no sentence. */
function sidesOf(tokens: readonly DiffToken[], at: number): [[number, number], [number, number]] | null {
  const word = tokens[at]?.text.toLowerCase() ?? ''
  if (!orderWords.has(word)) return null
  if (word === 'instead' && tokens[at + 1]?.text.toLowerCase() !== 'of') return null
  const right = at + (word === 'instead' ? 2 : 1)
  const names = [namesAt(tokens, at - 1), namesAt(tokens, right)] as const
  const sides = names[0] && names[1] ? ([names[0], names[1]] as [[number, number], [number, number]]) : null
  const first = sides?.[0][0] ?? at - 1
  // "how to pay" orders nothing; "from Basic to Pro" does.
  const isRange = tokens[first - 1]?.text.toLowerCase() === 'from'
  if (word === 'to' || word === 'into') {
    if (!isRange) return null
  } else if (sides === null && !wordOrders.has(word)) return null
  if (sides !== null) return sides
  return isContent(tokens[at - 1]?.text) && isContent(tokens[right]?.text)
    ? [
        [at - 1, at - 1],
        [right, right],
      ]
    : null
}

/** "from A to B" becomes "from B to A": names, or single words, on both sides of a word that orders them change places. */
function otherOrder(tokens: readonly DiffToken[]): DiffToken[] | null {
  for (const at of tokens.keys()) {
    const sides = sidesOf(tokens, at)
    if (sides === null) continue
    const [[leftFrom, leftTo], [rightFrom, rightTo]] = sides
    const [left, right] = [tokens.slice(leftFrom, leftTo + 1), tokens.slice(rightFrom, rightTo + 1)]
    const moved = (part: readonly DiffToken[], to: readonly DiffToken[]): DiffToken[] =>
      part.map((token, place) => (place === 0 ? { ...token, space: to[0]?.space ?? ' ' } : token))
    return [
      ...tokens.slice(0, leftFrom),
      ...moved(right, left),
      ...tokens.slice(leftTo + 1, rightFrom),
      ...moved(left, right),
      ...tokens.slice(rightTo + 1),
    ]
  }
  return null
}

/**
 * Texts that read like the given queries and mean something else: one per query and kind where its words allow it, always the same
 * for the same queries. Names are exchanged for others of the same collection. They are made by rules for English (negations, units
 * and names are found as in {@link diffTokens}), so a few read oddly.
 * @param queries of the collection
 * @param most pairs, taken evenly over the kinds
 */
export function hardNegatives(queries: readonly string[], most = 500): HardNegative[] {
  const distinct = [...new Set(queries)]
  const known = new Set(distinct)
  const parsed = distinct.map((query) => ({ query, ...diffTokens(query, query) }))
  const names = [...new Set(parsed.flatMap(({ left }) => left.flatMap(({ mark, text }) => (mark === 'name' ? [text] : []))))].sort()
  const makers: Readonly<Record<HardNegativeKind, (tokens: readonly DiffToken[]) => DiffToken[] | null>> = {
    negation: negated,
    number: otherNumber,
    unit: otherUnit,
    entity: (tokens) => otherEntity(tokens, names),
    order: otherOrder,
  }
  const byKind = hardNegativeKinds.map((kind) =>
    parsed.flatMap(({ query, left, leftEnd }): HardNegative[] => {
      const tokens = makers[kind](left)
      const changed = tokens === null ? query : joined(tokens, leftEnd)
      // One that the collection holds may well be answered by its own entry.
      return changed === query || known.has(changed) ? [] : [{ kind, original: query, changed }]
    }),
  )
  const pairs: HardNegative[] = []
  const longest = Math.max(...byKind.map((list) => list.length))
  for (let at = 0; at < longest; at += 1) pairs.push(...byKind.flatMap((list) => list.slice(at, at + 1)))
  return pairs.slice(0, most)
}
