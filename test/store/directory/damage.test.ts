import { cp, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openDirectoryStore } from '../../../electron/store/directory/directory-store.ts'
import type { Store } from '../../../electron/store/store.ts'
import type { CollectionSummary } from '../../../shared/contract/collections.ts'
import { storedOrder } from '../../../shared/contract/records.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { temporaryFolder } from '../../support/fixtures.ts'
import { treeHash } from '../../support/tree-hash.ts'
import { makeBaseStore } from './base-store.ts'
import { isQuick } from '../../support/quick.ts'
import type { Damage, Patient } from './damages/damage.ts'
import { damages } from './damages/damages.ts'

const base = await makeBaseStore()

afterAll(() => base?.remove())

/** The answer, or the sentence why there is none; anything but an expected failure is thrown on. */
async function tried<Value>(said: string[], work: Promise<Value>): Promise<Value | null> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error
    expect(error.message).toMatch(/^[A-Z].*[.:]/)
    said.push(`${error.message} ${error.remedy ?? ''}`)
    return null
  }
}

async function findings(store: Store, said: string[], until: RegExp | null): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const status = await tried(said, store.status())
    for (const finding of status?.findings ?? []) if (!said.includes(finding.message)) said.push(finding.message)
    if (!until || said.some((sentence) => until.test(sentence))) return
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}

async function readEverything(
  store: Store,
  collection: CollectionSummary,
  said: string[],
): Promise<{ records: number; vectors: Map<string, Float32Array> }> {
  const view = { collectionId: collection.id, filter: noFilter, sort: storedOrder }
  const first = await tried(said, store.page(view, 0, 100))
  const rest = await tried(said, store.page(view, 100, 1000))
  await tried(said, store.page({ ...view, sort: { by: { kind: 'metadata', key: 'n' }, direction: 'descending' } }, 0, 10))
  await tried(
    said,
    store.page(
      { ...view, filter: { ...noFilter, where: { kind: 'compare', key: 'topic', operator: '$ne', value: 'topic 1' }, find: 'document' } },
      0,
      10,
    ),
  )
  await tried(said, store.keys(collection.id))
  await tried(said, store.detail(collection.id))
  await tried(said, store.facets(view, ['topic', 'n', 'odd'], 10))
  const vectors = await tried(said, store.vectors(collection.id, null))
  const byId = new Map<string, Float32Array>()
  if (vectors) {
    const { ids, data, dimension, missing } = vectors
    expect(data).toHaveLength(ids.length * dimension)
    if (missing.length > 0) {
      const one = await tried(said, store.vector(collection.id, missing[0] ?? ''))
      if (one?.reason) said.push(one.reason)
    }
    for (const [index, id] of ids.entries()) byId.set(id, data.subarray(index * dimension, (index + 1) * dimension))
  }
  return { records: (first?.records.length ?? 0) + (rest?.records.length ?? 0), vectors: byId }
}

function sameVector(a: Float32Array | undefined, b: Float32Array): boolean {
  return a !== undefined && a.length === b.length && a.every((value, index) => value === b[index])
}

async function examine(damage: Damage, patient: Patient, scratch: string): Promise<void> {
  const said: string[] = []
  const store = await tried(said, openDirectoryStore({ directory: patient.directory, scratch }))
  if (!store) {
    expect(said.join('\n')).toMatch(damage.says ?? /^$/)
    return
  }
  try {
    const catalog = await tried(said, store.catalog())
    const collections = (catalog?.tenants ?? []).flatMap((tenant) => tenant.databases).flatMap((database) => database.collections)
    let kept = { records: 0, vectors: new Map<string, Float32Array>() }
    for (const collection of collections) {
      if (collection.problem) said.push(collection.problem)
      const read = await readEverything(store, collection, said)
      if (collection.name === 'kept') kept = read
    }
    await findings(store, said, damage.says)
    if (damage.says) expect(said.join('\n')).toMatch(damage.says)
    const { ids, vectors } = patient.base
    if (damage.records) expect(kept.records).toBe(ids.length)
    const right = ids.filter((id) => sameVector(kept.vectors.get(id), vectors.get(id) ?? new Float32Array())).length
    const wrong = [...kept.vectors].filter(([id, vector]) => !sameVector(vector, vectors.get(id) ?? new Float32Array())).length
    if (damage.vectors !== 'none') expect(wrong).toBe(0)
    if (damage.vectors === 'all') expect(right).toBe(ids.length)
    if (damage.vectors === 'most') expect(right).toBeGreaterThanOrEqual(ids.length - 20)
    if (damage.vectors === 'tail') expect(right).toBeGreaterThanOrEqual(20)
  } finally {
    await store.close()
  }
}

describe.skipIf(!base)('a damaged store is opened without a crash, a hang or a change, and what is wrong is said', () => {
  const chosen = damages.filter((_, place) => !isQuick || place % 9 < 5)

  test('at least 60 kinds of damage are tried', () => {
    expect(new Set(damages.map((damage) => damage.name)).size).toBe(damages.length)
    expect(chosen.length).toBeGreaterThanOrEqual(60)
  })

  test.concurrent.each(chosen)('$name', async (damage) => {
    if (!base) return
    const folder = await temporaryFolder('damage')
    try {
      const directory = path.join(folder, 'store')
      await cp(base.directory, directory, { recursive: true })
      const patient: Patient = { directory, base, folder: path.join(directory, base.segment), segment: base.segment }
      await damage.make(patient)
      const before = await treeHash(directory)
      await examine(damage, patient, folder)
      expect(await treeHash(directory)).toBe(before)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
