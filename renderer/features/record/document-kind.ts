import { splitTurns } from '../../../shared/domain/turns.ts'

/** Ways to read a document. */
export type DocumentMode = 'text' | 'markdown' | 'json' | 'turns'

/** Longest document that is taken apart to see what it is, in characters. */
const longestParsed = 500_000

function isJson(text: string): boolean {
  const trimmed = text.trim()
  if (!/^[[{]/.test(trimmed) || !/[\]}]$/.test(trimmed)) return false
  try {
    JSON.parse(trimmed)
    return true
  } catch {
    // Text that only looks like JSON reads best as text.
    return false
  }
}

const markdownSigns = [
  /^#{1,6} \S/m,
  /^```/m,
  /^\s*[-*+] \S.*\n\s*[-*+] \S/m,
  /^\s*\d+[.)] \S.*\n\s*\d+[.)] \S/m,
  /^\|.+\|\s*\n\|[\s:|-]+\|/m,
  /\*\*[^*\n]+\*\*/,
  /\[[^\]\n]+\]\([^)\s]+\)/,
  /^> \S/m,
]

function looksLikeMarkdown(text: string): boolean {
  const strong = /^```|^#{1,6} \S|^\|.+\|\s*\n\|[\s:|-]+\|/m.test(text)
  return strong || markdownSigns.filter((sign) => sign.test(text)).length >= 2
}

/** Ways in which a document can be read, the most telling one first. Text is always among them. */
export function documentModes(document: string): DocumentMode[] {
  const modes: DocumentMode[] = []
  if (document.length <= longestParsed) {
    if (isJson(document)) modes.push('json')
    else if (splitTurns(document) !== null) modes.push('turns')
    if (!modes.includes('json') && looksLikeMarkdown(document)) modes.push('markdown')
  }
  return [...modes, 'text', ...(modes.includes('markdown') || modes.includes('json') ? [] : (['markdown'] as const))]
}
