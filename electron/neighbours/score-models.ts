/*
 * Two ONNX models written as protobuf (onnx.proto3) with the few fields they need. Encoding: protobuf.dev, "Encoding". Both
 * compare `queries` (q x d) with `rows` (n x d), each row-major float32.
 */

const float = 1
const int64 = 7

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return [...bytes, rest]
}

const number = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)]
const message = (field: number, ...parts: number[][]): number[] => {
  const content = parts.flat()
  return [...varint(field * 8 + 2), ...varint(content.length), ...content]
}
const text = (field: number, value: string): number[] => message(field, [...Buffer.from(value, 'utf8')])

/** ValueInfoProto; sizes that vary have a name. */
function valueInfo(field: number, name: string, type: number, shape: readonly (string | number)[]): number[] {
  const sizes = shape.map((size) => message(1, typeof size === 'string' ? text(2, size) : number(1, size)))
  return message(field, text(1, name), message(2, message(1, number(1, type), message(2, ...sizes))))
}

/** NodeProto. */
function operator(type: string, inputs: readonly string[], outputs: readonly string[], ...attributes: number[][]): number[] {
  return message(1, ...inputs.map((name) => text(1, name)), ...outputs.map((name) => text(2, name)), text(4, type), ...attributes)
}

/** ModelProto of IR version 8 and operator set 13. */
function model(...graph: number[][]): Uint8Array {
  return Uint8Array.from([
    ...number(1, 8),
    ...text(2, 'mnemoscope'),
    ...message(7, ...graph, text(2, 'neighbours')),
    ...message(8, text(1, ''), number(2, 13)),
  ])
}

const integerAttribute = (name: string, value: number): number[] => message(5, text(1, name), number(3, value), number(20, 2))
const transposedRows = integerAttribute('transB', 1)
const inputs = [valueInfo(11, 'queries', float, ['q', 'd']), valueInfo(11, 'rows', float, ['n', 'd'])]

/** `scores` (q x n): the inner product of each query and row. */
export function scoreModel(): Uint8Array {
  return model(operator('Gemm', ['queries', 'rows'], ['scores'], transposedRows), ...inputs, valueInfo(12, 'scores', float, ['q', 'n']))
}

/** `values` and `places` (q x count, places int64): the `count` highest inner products of each query, highest first, and their rows. */
export function bestScoreModel(): Uint8Array {
  return model(
    operator('Gemm', ['queries', 'rows'], ['scores'], transposedRows),
    operator('TopK', ['scores', 'count'], ['values', 'places']),
    ...inputs,
    valueInfo(11, 'count', int64, [1]),
    valueInfo(12, 'values', float, ['q', 'k']),
    valueInfo(12, 'places', int64, ['q', 'k']),
  )
}
