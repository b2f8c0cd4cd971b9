import { escapeXml } from './escape-xml.ts'
import type { PictureKey, ScatterTheme } from './scatter-props.ts'

/** CSS pixels: the strip that the controls cover on the screen. */
const left = 16
const width = 220
const lineHeight = 18
const mostCharacters = 30

function cut(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most
    ? text
    : `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}

/** Words broken into lines of so many characters. */
function wrapped(text: string, most: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(cut(word, most))
  }
  return lines
}

/** What the colours mean as elements of an SVG document, at its upper left. */
export function keyElements({ title, entries, ramp, notes }: PictureKey, theme: ScatterTheme): string[] {
  let y = 26
  const parts: string[] = []
  const text = (content: string, x: number, more = ''): void => {
    parts.push(`<text x="${x}" y="${y}" fill="${escapeXml(theme.text)}"${more}>${escapeXml(content)}</text>`)
  }
  const faint = ' fill-opacity="0.7"'
  text(cut(title, mostCharacters), left, ' font-weight="600"')
  for (const { text: name, count, colour } of entries) {
    y += lineHeight
    parts.push(`<circle cx="${left + 5}" cy="${y - 4}" r="5" fill="${escapeXml(colour)}"/>`)
    text(cut(name, mostCharacters - 2 - count.length), left + 18)
    text(count, left + width, `${faint} text-anchor="end"`)
  }
  if (ramp) {
    const stops = ramp.colours.map(
      (colour, at) =>
        `<stop offset="${((100 * at) / Math.max(1, ramp.colours.length - 1)).toFixed(1)}%" stop-color="${escapeXml(colour)}"/>`,
    )
    parts.push(`<defs><linearGradient id="key">${stops.join('')}</linearGradient></defs>`)
    parts.push(`<rect x="${left}" y="${y + 8}" width="${width}" height="8" rx="2" fill="url(#key)"/>`)
    y += 8 + 8 + lineHeight - 4
    text(ramp.from, left, faint)
    if (ramp.middle !== null) text(ramp.middle, left + width / 2, `${faint} text-anchor="middle"`)
    text(ramp.to, left + width, `${faint} text-anchor="end"`)
  }
  for (const line of notes.flatMap((note) => wrapped(note, mostCharacters + 6))) {
    y += lineHeight
    text(line, left, faint)
  }
  // Where the map goes on beneath it, it can be read all the same.
  const behind = `<rect x="6" y="8" width="${width + 20}" height="${y}" rx="6" fill="${escapeXml(theme.background)}" fill-opacity="0.85"/>`
  return [behind, ...parts]
}
