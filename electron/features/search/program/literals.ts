/** Letters that are not seen, or that move others about: controls, formats, separators but the space, and halves of pairs. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

/** A JavaScript string in double quotes on one line, in ASCII wherever a letter could not be seen. Also valid JSON. */
export function javascriptString(text: string): string {
  return JSON.stringify(text).replaceAll(unseen, (letter) =>
    [...letter]
      .flatMap((each) => each.split(''))
      .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
      .join(''),
  )
}

/** A Python string in double quotes on one line. */
export function pythonString(text: string): string {
  const escaped = text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll(unseen, (letter) => {
    const code = letter.codePointAt(0) ?? 0
    if (letter === '\n') return String.raw`\n`
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`
  })
  return `"${escaped}"`
}

/** A word of a shell, always on one line: in single quotes, or as bash and zsh write what is not seen. */
export function shellWord(text: string): string {
  if (text.search(unseen) === -1) return `'${text.replaceAll("'", String.raw`'\''`)}'`
  const bytes = new TextEncoder().encode(text)
  const isPlain = (byte: number): boolean => byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
  return `$'${[...bytes].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : `\\x${hex(byte, 2)}`)).join('')}'`
}

const jsonToken = /"(?:[^"\\]|\\.)*"(\s*:)?|\b(?:true|false|null)\b/g

/** JSON as a Python expression. Numbers stay as they are, so that 3 and 3.0 differ. */
export function jsonAsPython(json: string): string {
  const words: Readonly<Record<string, string>> = { true: 'True', false: 'False', null: 'None' }
  return json.replaceAll(jsonToken, (token, colon: string | undefined) => {
    const text = colon === undefined ? token : token.slice(0, -colon.length)
    return (words[text] ?? pythonString(String(JSON.parse(text)))) + (colon ?? '')
  })
}

/** JSON as a JavaScript expression. In JavaScript the key `__proto__` means something else unless it stands in brackets. */
export function jsonAsJavascript(json: string): string {
  return json.replaceAll(jsonToken, (token, colon: string | undefined) => {
    if (!token.startsWith('"')) return token
    const text = String(JSON.parse(colon === undefined ? token : token.slice(0, -colon.length)))
    const literal = javascriptString(text)
    return colon === undefined ? literal : `${text === '__proto__' ? `[${literal}]` : literal}${colon}`
  })
}

/** JSON with everything unseen escaped. */
export function jsonInAscii(json: string): string {
  return json.replaceAll(jsonToken, (token, colon: string | undefined) => {
    if (!token.startsWith('"')) return token
    return javascriptString(String(JSON.parse(colon === undefined ? token : token.slice(0, -colon.length)))) + (colon ?? '')
  })
}

/** A float32 with as few digits as name it. */
export function floatText(value: number): string {
  for (let digits = 6; digits < 9; digits += 1) {
    const text = String(Number(value.toPrecision(digits)))
    if (Math.fround(Number(text)) === value) return text
  }
  return String(Number(value.toPrecision(9)))
}
