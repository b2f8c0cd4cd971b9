import { parse, stringify } from 'lossless-json'

/** JSON text with indentation; numbers keep every digit. The text itself where it is not JSON. */
export function prettyJson(text: string): string {
  try {
    return stringify(parse(text), null, 2) ?? text
  } catch {
    // Shown as it is: the person asked to see it as JSON, and it is none.
    return text
  }
}
