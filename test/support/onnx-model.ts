import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { seededRandom } from './random.ts'

/*
 * A sentence model small enough to check by hand: each token's state is its row of a table, so that pooling, prefixes and
 * truncation are the only arithmetic. Written as ONNX protobuf (onnx.proto3) with the few fields that are needed.
 */

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}

const number = (field: number, value: number): Buffer => Buffer.from([...varint(field * 8), ...varint(value)])
const bytes = (field: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(value.length)]), value])
const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value, 'utf8'))
const message = (field: number, ...parts: Buffer[]): Buffer => bytes(field, Buffer.concat(parts))

const float = 1
const int64 = 7

/** ValueInfoProto: a name with element type and shape; texts are dimensions that vary. */
function valueInfo(field: number, name: string, type: number, shape: readonly (string | number)[]): Buffer {
  const dimensions = shape.map((size) => message(1, typeof size === 'string' ? text(2, size) : number(1, size)))
  return message(field, text(1, name), message(2, message(1, number(1, type), message(2, ...dimensions))))
}

/** ModelProto with one Gather: `last_hidden_state[b, t] = table[input_ids[b, t]]`. */
function gatherModel(table: Float32Array, rows: number, dimension: number): Buffer {
  const raw = Buffer.from(table.buffer, table.byteOffset, table.byteLength)
  const graph = message(
    7,
    message(1, text(1, 'table'), text(1, 'input_ids'), text(2, 'last_hidden_state'), text(3, 'gather'), text(4, 'Gather')),
    text(2, 'sentence model of a test'),
    message(5, number(1, rows), number(1, dimension), number(2, float), text(8, 'table'), bytes(9, raw)),
    valueInfo(11, 'input_ids', int64, ['batch', 'tokens']),
    valueInfo(11, 'attention_mask', int64, ['batch', 'tokens']),
    valueInfo(12, 'last_hidden_state', float, ['batch', 'tokens', dimension]),
  )
  return Buffer.concat([number(1, 8), text(2, 'mnemoscope-test'), graph, message(8, text(1, ''), number(2, 13))])
}

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]']

/** Words that the model knows; `##s` ends the word before it. */
export const vocabulary = [
  ...special,
  'how',
  'do',
  'i',
  'cancel',
  'refund',
  'invoice',
  'export',
  'my',
  'query',
  ':',
  '?',
  '##s',
  'passage',
] as const
export type Token = (typeof vocabulary)[number]

export interface OnnxModel {
  readonly dimension: number
  /** Contents by name, relative and with slashes, as a hub serves them. */
  readonly files: ReadonlyMap<string, Buffer>
  /** The state of a token. */
  row(token: Token): number[]
}

/** Longest text in tokens, both special ones counted. */
export const modelMaxLength = 12

/** @param padding bytes that make the weights file longer without changing what it computes, for tests of downloads */
export function makeOnnxModel({ dimension = 6, seed = 1, padding = 0 } = {}): OnnxModel {
  const random = seededRandom(seed)
  const table = Float32Array.from({ length: vocabulary.length * dimension }, () => random.next() * 2 - 1)
  const tokens = Object.fromEntries(vocabulary.map((token, id) => [token, id]))
  const added = special.map((content, id) => ({
    id,
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  }))
  const framed = [
    { SpecialToken: { id: '[CLS]', type_id: 0 } },
    { Sequence: { id: 'A', type_id: 0 } },
    { SpecialToken: { id: '[SEP]', type_id: 0 } },
  ]
  const specialToken = (content: string) => ({ id: content, ids: [tokens[content]], tokens: [content] })
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
  const weights = gatherModel(table, vocabulary.length, dimension)
  return {
    dimension,
    row: (token) => [...table.subarray(vocabulary.indexOf(token) * dimension, (vocabulary.indexOf(token) + 1) * dimension)],
    files: new Map([
      ['config.json', json({ model_type: 'bert', architectures: ['BertModel'], hidden_size: dimension })],
      [
        'tokenizer.json',
        json({
          version: '1.0',
          truncation: null,
          padding: null,
          added_tokens: added,
          normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
          pre_tokenizer: { type: 'BertPreTokenizer' },
          post_processor: {
            type: 'TemplateProcessing',
            single: framed,
            pair: framed,
            special_tokens: { '[CLS]': specialToken('[CLS]'), '[SEP]': specialToken('[SEP]') },
          },
          decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
          model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: tokens },
        }),
      ],
      [
        'tokenizer_config.json',
        json({
          tokenizer_class: 'BertTokenizer',
          model_max_length: modelMaxLength,
          pad_token: '[PAD]',
          unk_token: '[UNK]',
          cls_token: '[CLS]',
          sep_token: '[SEP]',
        }),
      ],
      // Field 6 of ModelProto is a text about the model that nothing reads.
      ['onnx/model.onnx', padding === 0 ? weights : Buffer.concat([weights, bytes(6, Buffer.alloc(padding, 0x61))])],
    ]),
  }
}

/** Puts the model's files into a folder. */
export async function writeModel(folder: string, model: OnnxModel): Promise<void> {
  for (const [name, contents] of model.files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), contents)
  }
}

/** The mean of tokens' states, in double precision. */
export function meanOf(model: OnnxModel, tokens: readonly Token[]): number[] {
  const rows = tokens.map((token) => model.row(token))
  return Array.from({ length: model.dimension }, (_, at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0) / rows.length)
}

/** The vector at norm 1, in double precision. */
export function normalised(vector: readonly number[]): number[] {
  const norm = Math.hypot(...vector)
  return vector.map((value) => value / norm)
}
