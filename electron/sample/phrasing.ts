import type { Random } from './random.ts'

function lowerFirst(text: string): string {
  const second = text[1] ?? ''
  const keeps = second === second.toUpperCase() && /\p{L}/u.test(second)
  return keeps || /^(?:I |Ledgerly|Slack|Stripe|Xero|VAT)/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1)
}

function withoutMark(text: string): string {
  return text.replace(/[?.!。？]+$/u, '')
}

/** Swaps two neighbouring letters inside the longest word. */
function misspell(text: string, random: Random): string {
  const longest = [...text.matchAll(/[A-Za-z]{7,}/g)].toSorted((a, b) => b[0].length - a[0].length)[0]
  if (longest === undefined) return withoutMark(text)
  const at = longest.index + random.between(1, longest[0].length - 3)
  return `${text.slice(0, at)}${text[at + 1]}${text[at]}${text.slice(at + 2)}`
}

const greetings = ['Hi, ', 'Hello, ', 'Hey there, ', 'Hi team, ', 'Good morning, ', 'Quick question: ', 'Please help: ']
const closings = [' Thanks!', ' Thank you.', ' Thanks in advance.', ' Please let me know.', ' It is urgent.']

/** The same question as another person would type it: greeting, thanks, no capitals, a typing mistake. */
export function retype(question: string, random: Random): string {
  switch (random.below(6)) {
    case 0:
      return withoutMark(question).toLowerCase()
    case 1:
      return `${random.pick(greetings)}${lowerFirst(question)}`
    case 2:
      return `${question}${/[?.!]$/.test(question) ? '' : '.'}${random.pick(closings)}`
    case 3:
      return `${random.pick(greetings)}${lowerFirst(withoutMark(question))}?${random.pick(closings)}`
    case 4:
      return misspell(question, random)
    default:
      return `${withoutMark(question)}??`
  }
}

/** The same text to an exact lookup: only capitals, spaces and punctuation differ. */
export function respace(question: string, random: Random): string {
  switch (random.below(4)) {
    case 0:
      return question.toLowerCase()
    case 1:
      return ` ${withoutMark(question)} `
    case 2:
      return `${withoutMark(question)} !`
    default:
      return question.replace(' ', '  ')
  }
}

/** How an exact lookup sees a text: NFKC, lower case, no punctuation, single spaces. */
export function normaliseQuery(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
