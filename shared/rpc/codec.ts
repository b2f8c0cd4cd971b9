/**
 * JSON that keeps what JSON loses: bigint, Map, non-finite numbers, negative zero and typed arrays.
 * Special values travel as `{"$": kind, "v": payload}`; an object that itself has a key `$` is wrapped as kind `o`.
 */

const TAG = '$'

function bytesToBase64(bytes: Uint8Array): string {
  let binary = ''
  const chunk = 0x8000
  for (let at = 0; at < bytes.length; at += chunk) {
    binary += String.fromCharCode(...bytes.subarray(at, at + chunk))
  }
  return btoa(binary)
}

function base64ToBytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at)
  return bytes
}

function pack(value: unknown): unknown {
  if (value === null || value === undefined) return value
  switch (typeof value) {
    case 'bigint':
      return { [TAG]: 'i', v: value.toString() }
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { [TAG]: 'n', v: Object.is(value, -0) ? '-0' : String(value) }
    case 'object':
      break
    default:
      return value
  }
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : pack(item)))
  if (value instanceof Map) return { [TAG]: 'm', v: [...value].map(([key, item]) => [pack(key), pack(item)]) }
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    return { [TAG]: value.constructor.name, v: bytesToBase64(bytes) }
  }
  const packed: [string, unknown][] = Object.entries(value).map(([key, item]) => [key, pack(item)])
  const plain = Object.fromEntries(packed)
  return Object.hasOwn(value, TAG) ? { [TAG]: 'o', v: packed } : plain
}

function unpackTagged(kind: unknown, payload: unknown): unknown {
  if (kind === 'm' && Array.isArray(payload)) {
    return new Map(payload.map((pair: unknown) => (Array.isArray(pair) ? [unpack(pair[0]), unpack(pair[1])] : [pair, undefined])))
  }
  if (kind === 'o' && Array.isArray(payload)) {
    return Object.fromEntries(
      payload.map((pair: unknown) => (Array.isArray(pair) ? [String(pair[0]), unpack(pair[1])] : [String(pair), undefined])),
    )
  }
  if (typeof payload !== 'string') throw new SyntaxError('A tagged value has no payload.')
  switch (kind) {
    case 'i':
      return BigInt(payload)
    case 'n':
      return Number(payload)
    case 'Uint8Array':
      return base64ToBytes(payload)
    case 'Float32Array':
      return new Float32Array(base64ToBytes(payload).buffer)
    case 'Float64Array':
      return new Float64Array(base64ToBytes(payload).buffer)
    case 'Int32Array':
      return new Int32Array(base64ToBytes(payload).buffer)
    case 'Uint32Array':
      return new Uint32Array(base64ToBytes(payload).buffer)
    default:
      throw new SyntaxError(`Unknown tagged value ${JSON.stringify(kind)}.`)
  }
}

function unpack(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  // Vectors are long, and numbers are what they are.
  if (Array.isArray(value)) return value.every((item) => typeof item === 'number') ? value : value.map(unpack)
  if (Object.hasOwn(value, TAG)) {
    const tagged = value as { [TAG]: unknown; v: unknown }
    return unpackTagged(tagged[TAG], tagged.v)
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item)]))
}

/** Text of `value`. Properties that are undefined are left out, as in JSON. */
export function encode(value: unknown): string {
  return JSON.stringify(pack(value)) ?? 'null'
}

/**
 * The value that {@link encode} was given.
 * @throws SyntaxError where the text is not JSON or holds an unknown tagged value.
 */
export function decode(text: string): unknown {
  return unpack(JSON.parse(text))
}
