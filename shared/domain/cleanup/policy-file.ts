import { z } from 'zod'
import { AppError } from '../../rpc/errors.ts'
import { cleanupRuleSchema } from './rule.ts'

/** A policy as a file, for the command line and for other stores: rules with their settings, which run in their order. */
export const policyFileSchema = z.object({
  name: z.string().trim().min(1).max(100).optional(),
  /** Only the collection of this name; every collection where absent. */
  collection: z.string().optional(),
  rules: z.array(cleanupRuleSchema).min(1).max(30),
})
export type PolicyFile = z.output<typeof policyFileSchema>

/** @throws AppError 'invalid-input', which says where the text is no policy */
export function readPolicyFile(text: string): PolicyFile {
  const remedy = 'A policy is JSON, such as {"rules": [{"rule": "expired"}, {"rule": "exact-duplicates"}]}.'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new AppError('invalid-input', 'The file is no JSON.', remedy)
  }
  const parsed = policyFileSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError('invalid-input', `The file is no policy: ${issue?.path.join('.') || 'it'}: ${issue?.message}`, remedy)
}

export function writePolicyFile(policy: PolicyFile): string {
  return `${JSON.stringify(policy, null, 2)}\n`
}
