import type { Metadata } from '../../shared/domain/metadata.ts'
import { accountIntents } from './account-intents.ts'
import { billingIntents } from './billing-intents.ts'
import { fill, type Intent } from './intent.ts'
import { localIntents } from './other-languages.ts'
import { respace, retype } from './phrasing.ts'
import { productIntents } from './product-intents.ts'
import { createRandom, type Random } from './random.ts'
import { isoTime, stableHex } from './sample-record.ts'

export type CacheNamespace = 'billing' | 'product' | 'account'
export const cacheNamespaces: readonly CacheNamespace[] = ['billing', 'product', 'account']

/** An answered question, before its hits are counted. */
export interface CacheEntry {
  readonly id: string
  readonly group: string
  readonly namespace: CacheNamespace
  readonly topic: string
  readonly locale: string
  readonly query: string
  readonly response: string
  readonly outdated: boolean
  readonly createdAt: number
  /** Milliseconds since 1970; null for an entry that never expires. */
  readonly expiresAt: number | null
  readonly ttlSeconds: number | null
  readonly model: string
}

/** A question and all its wordings. Those held out have siblings in the cache but no entry of their own. */
export interface QuestionGroup {
  readonly id: string
  readonly namespace: CacheNamespace
  readonly topic: string
  readonly locale: string
  readonly wordings: readonly string[]
  readonly answer: string
  readonly outdatedAnswer: string | null
  readonly heldOut: boolean
}

export interface SupportCache {
  /** In the order in which they were stored. */
  readonly entries: readonly CacheEntry[]
  readonly groups: readonly QuestionGroup[]
  readonly exactDuplicates: readonly { readonly ids: [string, string]; readonly kind: 'identical' | 'normalised' }[]
  /** Retyped wordings and the entry they came from. */
  readonly retyped: readonly [string, string][]
}

/** The moment up to which the sample was recorded. */
export const referenceTime = Date.UTC(2026, 10, 1, 9)

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const ttlDays: Readonly<Record<CacheNamespace, number>> = { billing: 90, product: 365, account: 180 }
const models = ['gpt-4o-mini', 'gpt-4o-mini', 'gpt-4o-mini', 'claude-3-5-haiku', 'mistral-small']
const shares = { heldOut: 0.08, expired: 0.11, eternal: 0.06, shortLived: 0.04, conflicting: 0.45 }
const targetRetyped = 470
const targetDuplicates = 48

function allGroups(random: Random): QuestionGroup[] {
  const sources: { namespace: CacheNamespace; locale: string; intent: Intent; key: string }[] = [
    ...billingIntents.map((intent, index) => ({ namespace: 'billing' as const, locale: 'en', intent, key: `${index + 1}` })),
    ...productIntents.map((intent, index) => ({ namespace: 'product' as const, locale: 'en', intent, key: `${index + 1}` })),
    ...accountIntents.map((intent, index) => ({ namespace: 'account' as const, locale: 'en', intent, key: `${index + 1}` })),
    ...localIntents.map((intent, index) => ({
      namespace: intent.namespace,
      locale: intent.locale,
      intent,
      key: `${intent.locale}${index + 1}`,
    })),
  ]
  return sources.flatMap(({ namespace, locale, intent, key }) =>
    (intent.cases ?? [{}]).map((values, index, { length }) => ({
      id: `${namespace}/${intent.topic}/${key}.${index + 1}`,
      namespace,
      topic: intent.topic,
      locale,
      wordings: intent.questions.map((question) => capitalise(fill(question, values))),
      answer: fill(intent.answer, values),
      outdatedAnswer: intent.outdated === undefined ? null : fill(intent.outdated, values),
      heldOut: length > 3 && random.chance(shares.heldOut),
    })),
  )
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** When an entry was made and how long it is good for. Most are alive at the reference time. */
function lifetime(namespace: CacheNamespace, random: Random): Pick<CacheEntry, 'createdAt' | 'expiresAt' | 'ttlSeconds'> {
  const second = (ms: number): number => Math.floor(ms / 1000) * 1000
  if (random.chance(shares.eternal)) {
    return { createdAt: second(referenceTime - random.next() * 300 * day - 20 * day), expiresAt: null, ttlSeconds: null }
  }
  const ttl = random.chance(shares.shortLived) ? random.pick([6 * hour, day, 7 * day]) : ttlDays[namespace] * day
  const expired = random.chance(shares.expired)
  const age = expired ? ttl + random.next() * 45 * day : random.next() ** 1.3 * ttl * 0.92
  const createdAt = second(referenceTime - age - (expired ? hour : 2 * minute))
  return { createdAt, expiresAt: createdAt + ttl, ttlSeconds: ttl / 1000 }
}

class CacheWriter {
  readonly entries: CacheEntry[] = []
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  write(group: QuestionGroup, query: string, outdated: boolean): CacheEntry {
    const life = lifetime(group.namespace, this.#random)
    // An outdated answer comes from before the change, and is kept by a generous expiry.
    const createdAt = outdated ? referenceTime - Math.floor(200 + this.#random.next() * 150) * day : life.createdAt
    const ttlSeconds = outdated ? 730 * 86_400 : life.ttlSeconds
    const entry: CacheEntry = {
      id: `sc_${stableHex(`${this.entries.length} ${query}`)}`,
      group: group.id,
      namespace: group.namespace,
      topic: group.topic,
      locale: group.locale,
      query,
      response: outdated ? (group.outdatedAnswer ?? group.answer) : group.answer,
      outdated,
      createdAt,
      expiresAt: outdated ? createdAt + 730 * day : life.expiresAt,
      ttlSeconds,
      model: this.#random.pick(models),
    }
    this.entries.push(entry)
    return entry
  }
}

/**
 * The contents of a support assistant's semantic cache: the same on every call. About three hundred questions in several
 * wordings each, with duplicates, conflicting answers, expired entries and questions that look alike.
 */
export function makeSupportCache(): SupportCache {
  const random = createRandom(20_261_101)
  const groups = allGroups(random)
  const cached = groups.filter((group) => !group.heldOut)
  const groupOf = new Map(groups.map((group) => [group.id, group]))
  const writer = new CacheWriter(random)
  for (const group of cached) {
    for (const wording of group.wordings) writer.write(group, wording, false)
    if (group.outdatedAnswer !== null && random.chance(shares.conflicting)) {
      writer.write(group, retype(random.pick(group.wordings), random), true)
    }
  }
  const originals = random.shuffled(writer.entries.filter((entry) => !entry.outdated))
  const seen = new Set(writer.entries.map((entry) => `${entry.namespace} ${entry.query}`))
  const retyped: [string, string][] = []
  for (const original of originals) {
    if (retyped.length === targetRetyped) break
    const group = groupOf.get(original.group)
    const query = retype(original.query, random)
    if (group === undefined || seen.has(`${original.namespace} ${query}`)) continue
    seen.add(`${original.namespace} ${query}`)
    retyped.push([original.id, writer.write(group, query, false).id])
  }
  const exactDuplicates: { ids: [string, string]; kind: 'identical' | 'normalised' }[] = []
  for (const original of random.shuffled(originals).slice(0, targetDuplicates)) {
    const group = groupOf.get(original.group)
    if (group === undefined) continue
    const respaced = respace(original.query, random)
    const identical = random.chance(0.6) || respaced === original.query
    const copy = writer.write(group, identical ? original.query : respaced, false)
    exactDuplicates.push({ ids: [original.id, copy.id], kind: identical ? 'identical' : 'normalised' })
  }
  // A cache fills up in the order of its misses.
  const entries = writer.entries.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  return { entries, groups, exactDuplicates, retyped }
}

/** Entries by the question they answer. */
export function entriesByGroup(entries: readonly CacheEntry[]): Map<string, CacheEntry[]> {
  const found = new Map<string, CacheEntry[]>()
  for (const entry of entries) {
    const members = found.get(entry.group)
    if (members === undefined) found.set(entry.group, [entry])
    else members.push(entry)
  }
  return found
}

/** How often an entry was hit, and when last. */
export interface CacheHits {
  readonly count: number
  readonly lastAt: number | null
}

/** Metadata as the assistant keeps it: expiry in seconds since 1970, other times as text, sizes as integers, cost as float. */
export function cacheMetadata(entry: CacheEntry, hits: CacheHits): Metadata {
  const promptTokens = BigInt(180 + Math.ceil(entry.query.length / 4))
  const completionTokens = BigInt(Math.ceil(entry.response.length / 4))
  const metadata: Metadata = new Map<string, string | bigint | number | boolean>([
    ['response', entry.response],
    ['namespace', entry.namespace],
    ['topic', entry.topic],
    ['locale', entry.locale],
    ['model', entry.model],
    ['created_at', isoTime(entry.createdAt)],
    ['hit_count', BigInt(hits.count)],
    ['prompt_tokens', promptTokens],
    ['completion_tokens', completionTokens],
    ['cost_usd', Math.round(Number(promptTokens) * 15 + Number(completionTokens) * 60) / 1e8],
    ['reviewed', entry.outdated ? false : hits.count > 40],
  ])
  if (hits.lastAt !== null) metadata.set('last_hit_at', isoTime(hits.lastAt))
  if (entry.expiresAt !== null && entry.ttlSeconds !== null) {
    metadata.set('expires_at', BigInt(entry.expiresAt / 1000))
    metadata.set('ttl_seconds', BigInt(entry.ttlSeconds))
  }
  return metadata
}
