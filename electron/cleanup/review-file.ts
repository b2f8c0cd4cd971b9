import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { cleanupPolicySchema, decisionSchema, type CleanupPolicy } from '../../shared/contract/cleanup.ts'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import { CollectionFiles } from '../platform/collection-files.ts'
import type { CleanupContext } from './protocol.ts'

const mostPolicies = 50
/** Judgements and decisions that are kept; the oldest give way. */
const mostKept = 100_000

const judgedSchema = z.object({
  ids: z.tuple([z.string(), z.string()]),
  verdict: z.enum(['same', 'different']),
  similarity: z.number(),
  /** Milliseconds since 1970. */
  at: z.number(),
})
type Judged = z.infer<typeof judgedSchema>

const fileSchema = z.looseObject({
  /** Oldest first. */
  judged: z.array(judgedSchema).default([]),
  decisions: z.array(z.object({ id: z.string(), decision: decisionSchema, at: z.number() })).default([]),
  /** By name. */
  policies: z.array(cleanupPolicySchema).default([]),
})

function isPair({ ids: [a, b] }: Judged, [c, d]: readonly [string, string]): boolean {
  return (a === c && b === d) || (a === d && b === c)
}

/** What people said about duplicates of a collection, and the policies they saved: a file for each, in the app's own data. */
export class ReviewFile {
  readonly #files: CollectionFiles<typeof fileSchema>

  /** @param folder in the app's data folder; made when needed */
  constructor(folder: string, onDamaged: (file: string, setAside: string) => void) {
    this.#files = new CollectionFiles({ folder, schema: fileSchema, onDamaged })
  }

  async review(ref: CollectionRef): Promise<Pick<CleanupContext, 'decisions' | 'judged'>> {
    const { judged, decisions } = await this.#files.of(ref).read()
    return { judged, decisions: new Map(decisions.map(({ id, decision }) => [id, decision])) }
  }

  /** Errors as of a settings file; then nothing was judged. */
  async judge(ref: CollectionRef, ids: [string, string], verdict: Judged['verdict'] | null, similarity: number): Promise<void> {
    await this.#files.of(ref).update(({ judged, ...others }) => {
      const rest = judged.filter((pair) => !isPair(pair, ids))
      return { ...others, judged: verdict === null ? rest : [...rest, { ids, verdict, similarity, at: Date.now() }].slice(-mostKept) }
    })
  }

  async decide(ref: CollectionRef, ids: readonly string[], decision: z.infer<typeof decisionSchema> | null): Promise<void> {
    const meant = new Set(ids)
    await this.#files.of(ref).update(({ decisions, ...others }) => {
      const rest = decisions.filter(({ id }) => !meant.has(id))
      const added = decision === null ? [] : [...meant].map((id) => ({ id, decision, at: Date.now() }))
      return { ...others, decisions: [...rest, ...added].slice(-mostKept) }
    })
  }

  async policies(ref: CollectionRef): Promise<CleanupPolicy[]> {
    return (await this.#files.of(ref).read()).policies
  }

  /** @throws AppError 'invalid-input' where there are {@link mostPolicies} already */
  async savePolicy(ref: CollectionRef, { name, rules }: Pick<CleanupPolicy, 'name' | 'rules'>): Promise<CleanupPolicy> {
    const policy: CleanupPolicy = { id: randomUUID(), name, rules, savedAt: Date.now() }
    await this.#files.of(ref).update(({ policies, ...others }) => {
      const rest = policies.filter((known) => known.name !== name)
      if (rest.length >= mostPolicies)
        throw new AppError('invalid-input', `This collection has ${mostPolicies} policies already.`, 'Remove one that is no longer needed.')
      return { ...others, policies: [...rest, policy].toSorted((a, b) => a.name.localeCompare(b.name)) }
    })
    return policy
  }

  async removePolicy(ref: CollectionRef, id: string): Promise<void> {
    await this.#files.of(ref).update(({ policies, ...others }) => ({ ...others, policies: policies.filter((policy) => policy.id !== id) }))
  }
}
