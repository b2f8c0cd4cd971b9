/** A run of ordinary text, or one character that would otherwise be invisible or change how its neighbours read. */
export type TextPart = { kind: 'text'; text: string } | { kind: 'mark'; label: string; code: string }

const c0Names = 'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
  ' ',
)

const otherNames = new Map<number, string>([
  [0x7f, 'DEL'],
  [0x85, 'NEL'],
  [0xad, 'SHY'],
  [0x61c, 'ALM'],
  [0x200b, 'ZWSP'],
  [0x200e, 'LRM'],
  [0x200f, 'RLM'],
  [0x2028, 'LS'],
  [0x2029, 'PS'],
  [0x202a, 'LRE'],
  [0x202b, 'RLE'],
  [0x202c, 'PDF'],
  [0x202d, 'LRO'],
  [0x202e, 'RLO'],
  [0x2060, 'WJ'],
  [0x2066, 'LRI'],
  [0x2067, 'RLI'],
  [0x2068, 'FSI'],
  [0x2069, 'PDI'],
  [0xfeff, 'BOM'],
])

// Controls, bidirectional formatting (Unicode UAX #9, table 2), zero-width characters and unpaired surrogates. ZWJ and ZWNJ are left: scripts and emoji need them.
const special =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function labelOf(code: number): string {
  return c0Names[code] ?? otherNames.get(code) ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

function codeOf(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/**
 * Text cut into parts that can be shown safely beside other text. `lines` keeps line feeds and tabs as they are; otherwise a line feed is
 * a mark of its own and a tab is a space, so that the text stays on one line.
 */
export function visibleParts(text: string, lines: boolean): TextPart[] {
  const parts: TextPart[] = []
  let plain = ''
  let at = 0
  for (const match of text.matchAll(special)) {
    const code = match[0].charCodeAt(0)
    plain += text.slice(at, match.index)
    at = match.index + 1
    if (code === 0x0d && text.charCodeAt(at) === 0x0a) continue
    if (code === 0x0a && lines) plain += '\n'
    else if (code === 0x09) plain += lines ? '\t' : ' '
    else {
      if (plain !== '') parts.push({ kind: 'text', text: plain })
      plain = ''
      parts.push(code === 0x0a ? { kind: 'mark', label: '⏎', code: 'U+000A' } : { kind: 'mark', label: labelOf(code), code: codeOf(code) })
    }
  }
  plain += text.slice(at)
  if (plain !== '') parts.push({ kind: 'text', text: plain })
  return parts
}

/** The same as one string, for places that take no markup: names for screen readers, tooltips. Line feeds become spaces unless `lines`. */
export function visibleString(text: string, lines = false): string {
  return visibleParts(text, lines)
    .map((part) => (part.kind === 'text' ? part.text : part.label === '⏎' ? ' ' : `⟦${part.label}⟧`))
    .join('')
}
