import { listedMembers, type CleanupGroup, type Findings, type FindingSummary } from '../../shared/contract/cleanup.ts'
import { KeyShapes } from '../../shared/domain/cleanup/key-shapes.ts'
import { recordFactsOf, type RecordFacts } from '../../shared/domain/cleanup/record-facts.ts'
import { isGrouped, scopeRoles, usualRules, type CleanupRule } from '../../shared/domain/cleanup/rule.ts'
import { suggestThreshold } from '../../shared/domain/cleanup/suggest-threshold.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import { CandidatePairs, type TellProgress } from './candidate-pairs.ts'
import { flatRows, whyNot, type FlatSources, type FoundRow } from './flat-rules.ts'
import { duplicateGroups } from './duplicate-groups.ts'
import type { CleanupAnswer, CleanupContext, CleanupQuestion } from './protocol.ts'
import { resolveRules } from './resolve-rules.ts'
import { RowGroups, type RowGroup } from './row-groups.ts'
import { VectorFacts } from './vector-facts.ts'

type Question<Type extends CleanupQuestion['type']> = Extract<CleanupQuestion, { type: Type }>

const exampleCount = 3
const exampleCharacters = 300

function wrongRule(): AppError {
  return new AppError('invalid-input', 'This rule is asked for in another way.')
}

/** The metadata keys that rows were found by, most rows first. */
function keysOf(found: readonly FoundRow[]): FindingSummary['keys'] {
  const keys = new Map<string, FindingSummary['keys'][number]>()
  for (const { key, type } of found) {
    if (key !== undefined && type !== undefined) keys.set(key, { key, type, records: (keys.get(key)?.records ?? 0) + 1 })
  }
  return [...keys.values()].toSorted((a, b) => b.records - a.records)
}

/** One collection as cleanup knows it: what every rule finds, under what people said. */
export class CleanupAnalysis {
  readonly #mapping: ProfileMapping
  readonly #tell: TellProgress
  readonly #facts: RecordFacts[] = []
  readonly #shapes = new KeyShapes()
  #vectors: VectorFacts | null = null
  #candidates: CandidatePairs | null = null
  #known: RowGroups | null = null

  constructor(mapping: ProfileMapping, tell: TellProgress) {
    this.#mapping = mapping
    this.#tell = tell
  }

  answer(question: CleanupQuestion): CleanupAnswer<CleanupQuestion['type']> {
    switch (question.type) {
      case 'records':
        for (const record of question.records) {
          this.#facts.push(recordFactsOf(this.#mapping, record))
          this.#shapes.add(record.metadata)
        }
        return null
      case 'vectors':
        this.#vectors = new VectorFacts(question, new Map(this.#facts.map(({ id }, row) => [id, row])))
        this.#candidates = new CandidatePairs(this.#facts, this.#vectors, this.#mapping.kind === 'facts', this.#tell)
        return null
      case 'findings':
        return this.#findings(question.context)
      case 'finding':
        return this.#summary(question.rule, question.context)
      case 'groups':
        return this.#page(question)
      case 'rows':
        return this.#rows(question)
      case 'ids':
        return this.#ids(question)
      case 'duplicates':
        return duplicateGroups(this.#groups, question.context, this.#facts.length).map((rows) => ({
          ids: rows.map((row) => this.#id(row)),
          text: this.#facts[rows[0] as number]?.text?.slice(0, exampleCharacters) ?? null,
        }))
      case 'curve':
        if (question.rule.rule !== 'near-duplicates' || this.#candidates === null) throw wrongRule()
        return this.#groups.curve(question.rule, question.context, this.#candidates)
      case 'resolve':
        return resolveRules(question.rules, this.#sources(question.context), this.#groups, this.#mapping)
    }
  }

  /** To be asked for when all records and vectors are there. */
  get #groups(): RowGroups {
    this.#known ??= new RowGroups({ facts: this.#facts, vectors: this.#vectors, candidates: this.#candidates })
    return this.#known
  }

  #sources(context: CleanupContext): FlatSources {
    return { facts: this.#facts, shapes: this.#shapes, vectors: this.#vectors, context }
  }

  #id(row: number): string {
    return this.#facts[row]?.id ?? ''
  }

  #findings(context: CleanupContext): Findings {
    const findings: FindingSummary[] = []
    const skipped: Findings['skipped'] = []
    for (const [index, rule] of usualRules.entries()) {
      this.#tell('Looking through the records', index, usualRules.length)
      const reason = whyNot(rule, this.#sources(context))
      if (reason === null) findings.push(this.#summary(rule, context))
      else skipped.push({ rule: rule.rule, reason })
    }
    const pairs = this.#candidates
    return {
      records: this.#facts.length,
      scope: scopeRoles.filter((role) => this.#mapping.fields[role] !== undefined),
      nearest: pairs && {
        suggested: pairs.suggested,
        floor: pairs.floor,
        medianDistance: pairs.medianDistance,
        bins: [...pairs.bins],
        crowded: pairs.crowded,
        judged: suggestThreshold(context.judged),
      },
      findings,
      skipped,
      at: context.now,
    }
  }

  #summary(rule: CleanupRule, context: CleanupContext): FindingSummary {
    const example = (row: number): FindingSummary['examples'][number] => ({
      id: this.#id(row),
      text: this.#facts[row]?.text?.slice(0, exampleCharacters) ?? null,
    })
    if (isGrouped(rule)) {
      const groups = this.#groups.of(rule, context, this.#groups.exactlyRemoved(rule, context))
      const records = groups.reduce((sum, { rows }) => sum + rows.length - 1, 0)
      return {
        rule,
        records,
        groups: groups.length,
        keys: [],
        examples: groups.slice(0, exampleCount).map(({ rows }) => example(rows[0] as number)),
      }
    }
    const found = flatRows(rule, this.#sources(context))
    const rows = [...new Set(found.map(({ row }) => row))]
    return { rule, records: rows.length, groups: null, keys: keysOf(found), examples: rows.slice(0, exampleCount).map(example) }
  }

  #page({ rule, context, offset, limit }: Question<'groups'>): CleanupAnswer<'groups'> {
    if (!isGrouped(rule)) throw wrongRule()
    const groups = this.#groups.of(rule, context, this.#groups.exactlyRemoved(rule, context))
    const isRemoved = (group: RowGroup, row: number): boolean => this.#groups.isRemoved(rule, group, row, context)
    const describe = (group: RowGroup): CleanupGroup => ({
      size: group.rows.length,
      members: group.rows.slice(0, listedMembers).map((row, index) => ({
        id: this.#id(row),
        similarity: group.similarities[index] ?? null,
        decision: context.decisions.get(this.#id(row)) ?? null,
        removed: isRemoved(group, row),
      })),
    })
    const removed = groups.reduce((sum, group) => sum + group.rows.filter((row) => isRemoved(group, row)).length, 0)
    return { total: groups.length, removed, groups: groups.slice(offset, offset + limit).map(describe) }
  }

  #rows({ rule, context, offset, limit }: Question<'rows'>): CleanupAnswer<'rows'> {
    if (isGrouped(rule)) throw wrongRule()
    const found = flatRows(rule, this.#sources(context))
    const shown = found.slice(offset, offset + limit)
    return { total: found.length, records: shown.map(({ row, reason }) => ({ id: this.#id(row), reason })) }
  }

  #ids({ rule, context, key }: Question<'ids'>): string[] {
    const rows = isGrouped(rule)
      ? this.#groups.of(rule, context, this.#groups.exactlyRemoved(rule, context)).flatMap((group) => group.rows)
      : flatRows(rule, this.#sources(context))
          .filter((found) => key === null || found.key === key)
          .map(({ row }) => row)
    return [...new Set(rows)].map((row) => this.#id(row))
  }
}
