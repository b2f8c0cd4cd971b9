import { createHashingEmbedder } from '../../electron/embedder/hashing.ts'
import type { Metadata } from '../../shared/domain/metadata.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import type { TestEngine } from '../support/engines.ts'
import { meanOf, normalised, type Token } from '../support/onnx-model.ts'
import { hubModel, model } from './embedder-core.ts'

interface Stored {
  readonly name: string
  readonly metadata?: Metadata
  readonly configuration?: string
  readonly vectors: readonly (readonly number[])[]
  readonly documents: readonly (string | null)[]
  readonly metadatas?: readonly Metadata[]
}

async function writeStore(engine: TestEngine, directory: string, stored: readonly Stored[]): Promise<void> {
  const engines = await engine.create()
  try {
    const { api } = await engines.start(directory, { create: true, kind: engine.kind })
    for (const { name, metadata, configuration, vectors, documents, metadatas } of stored) {
      const { id } = await api.createCollection(defaultDatabase, {
        name,
        metadata: metadata ?? null,
        space: 'cosine',
        ...(configuration ? { configuration } : {}),
      })
      if (vectors.length === 0) continue
      await api.add(
        { ...defaultDatabase, id },
        {
          ids: vectors.map((_, index) => `${name}-${index}`),
          embeddings: vectors.map((vector) => Float32Array.from(vector)),
          documents: [...documents],
          ...(metadatas ? { metadatas: [...metadatas] } : {}),
        },
      )
    }
    await api.settled()
  } finally {
    await engines.close()
  }
}

export const phrases: Token[][] = [
  ['how', 'do', 'i', 'cancel'],
  ['refund', 'my', 'invoice'],
  ['export'],
  ['cancel', 'my', 'export'],
  ['how', 'do', 'i', 'export', 'my', 'invoice'],
]
const sentenceVector = (tokens: readonly Token[]): number[] => normalised(meanOf(model, ['[CLS]', ...tokens, '[SEP]']))

async function lexicalRows(texts: readonly string[], dimension: number): Promise<number[][]> {
  const vectors = await createHashingEmbedder(dimension).embed(texts, { purpose: 'document' })
  return texts.map((_, index) => [...vectors.subarray(index * dimension, (index + 1) * dimension)])
}

/** A store of collections that say in different ways what made their vectors. @param vectorOf what a server made of texts */
export async function makeEmbeddedStore(
  engine: TestEngine,
  directory: string,
  vectorOf: (text: string, dimensions: number | null) => number[],
): Promise<void> {
  const questions = Array.from({ length: 45 }, (_, index) => `How do I settle invoice number ${index} for team ${index % 7}?`)
  const answers = questions.map((_, index) => `Open the billing page and press the green button, step ${index}.`)
  const openAiFunction = {
    type: 'known',
    name: 'openai',
    config: { model_name: 'small', api_base: 'http://127.0.0.1:9/v1', api_key_env_var: 'X' },
  }
  await writeStore(engine, directory, [
    {
      name: 'sentences',
      metadata: new Map([['embedding_model', `${hubModel}`]]),
      vectors: phrases.map(sentenceVector),
      documents: phrases.map((tokens) => tokens.join(' ')),
    },
    {
      name: 'semantic_cache',
      vectors: await lexicalRows(questions, 64),
      documents: answers,
      metadatas: questions.map(
        (query, index) =>
          new Map<string, string | bigint>([
            ['query', query],
            ['hit_count', BigInt(index)],
          ]),
      ),
    },
    {
      name: 'remote_notes',
      configuration: JSON.stringify({ hnsw: { space: 'cosine' }, embedding_function: openAiFunction }),
      vectors: Array.from({ length: 30 }, (_, index) => vectorOf(`note ${index}`, null)),
      documents: Array.from({ length: 30 }, (_, index) => `note ${index}`),
    },
    {
      name: 'ready_made',
      configuration: JSON.stringify({ hnsw: { space: 'cosine' }, embedding_function: { type: 'known', name: 'default', config: {} } }),
      vectors: [[1, 2, 3, 4]],
      documents: ['four numbers'],
    },
    {
      name: 'zeros',
      vectors: [
        [0, 0, 0],
        [0, 0, 0],
      ],
      documents: ['one', 'two'],
    },
    {
      name: 'wordless',
      vectors: [
        [1, 0, 0],
        [0, 1, 0],
      ],
      documents: [null, null],
    },
  ])
}
