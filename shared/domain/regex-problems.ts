import { AppError } from '../rpc/errors.ts'
import { compileRegex } from './regex.ts'
import type { WhereDocument } from './where.ts'

/** Patterns of a document filter that cannot be read, one sentence each. */
export function regexProblems(filter: WhereDocument): { readonly message: string; readonly remedy: string | null }[] {
  if (filter.kind !== 'text') return filter.clauses.flatMap(regexProblems)
  if (filter.operator !== '$regex' && filter.operator !== '$not_regex') return []
  try {
    compileRegex(filter.value)
    return []
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    return [{ message: thrown.message, remedy: thrown.remedy }]
  }
}
