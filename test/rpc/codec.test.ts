import { expect, test } from 'vitest'
import { decode, encode } from '../../shared/rpc/codec.ts'

const values: unknown[] = [
  null,
  true,
  '',
  'ünïcödé 🧠 \u0000 \ud800',
  0,
  -0,
  1.5,
  NaN,
  Infinity,
  -Infinity,
  0n,
  9_223_372_036_854_775_807n,
  -9_223_372_036_854_775_808n,
  [],
  [1, [2n, [new Map()]]],
  {},
  { $: 'i', v: '5' },
  { $: null },
  { a: { $: 'm', v: [] } },
  new Map<unknown, unknown>([
    ['a', 3],
    ['b', 3n],
    ['__proto__', 'x'],
    ['1', [1n, 2n]],
  ]),
  new Float32Array([1, NaN, -0, 3.4e38]),
  new Float64Array([Math.PI]),
  new Int32Array([-1]),
  new Uint32Array([4_294_967_295]),
  new Float32Array([9, 1, 2, 9]).subarray(1, 3),
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
]

test('every value that crosses the wire comes back as it was', () => {
  for (const value of values) {
    const back = decode(encode(value))
    expect(back).toStrictEqual(ArrayBuffer.isView(value) ? (value as Float32Array).slice() : value)
  }
  expect(Object.is(decode(encode(-0)), -0)).toBe(true)
  const long = new Uint8Array(100_000).map((_value, index) => index)
  expect(Buffer.compare(decode(encode(long)) as Uint8Array, long)).toBe(0)
  expect(decode(encode(values))).toHaveLength(values.length)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test('text that is no message is a syntax error', () => {
  for (const text of [
    '',
    '{',
    '{"$":"x","v":"1"}',
    '{"$":"i"}',
    '{"$":"i","v":"1.5"}',
    '{"$":"m","v":1}',
    '{"$":1,"v":"1"}',
    '[{"$":"Float32Array","v":"*"}]',
    '{"$":"Float32Array","v":"AAA="}',
  ]) {
    expect(() => decode(text), text).toThrow()
  }
})
