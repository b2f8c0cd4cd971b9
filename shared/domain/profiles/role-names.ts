import { roleSchema, type Role } from './profile.ts'

/** How a role is called in column headers and forms. */
const names: Readonly<Record<Role, string>> = {
  query: 'Query',
  response: 'Response',
  namespace: 'Namespace',
  createdAt: 'Created',
  expiresAt: 'Expires',
  ttl: 'TTL',
  hitCount: 'Hits',
  lastHitAt: 'Last hit',
  user: 'User',
  session: 'Session',
  speaker: 'Speaker',
  input: 'Input',
  output: 'Output',
  fact: 'Fact',
  topic: 'Topic',
  source: 'Source',
  category: 'Category',
  importance: 'Importance',
  model: 'Model',
}

export function roleName(role: Role): string {
  return names[role]
}

/** Every role, in the order in which fields are shown. */
export const rolesInOrder: readonly Role[] = roleSchema.options

/** Roles whose values are long texts, meant to be read. */
export const readingRoles: ReadonlySet<Role> = new Set(['query', 'response', 'input', 'output', 'fact'])

/** Roles whose values are points in time. */
export const timeRoles: ReadonlySet<Role> = new Set(['createdAt', 'expiresAt', 'lastHitAt'])
