import { findKey, key, named } from './evidence.ts'
import type { Role } from './profile.ts'
import type { FieldSource } from './profile-rule.ts'
import { findRoleField } from './role-keys.ts'
import type { CollectionShape } from './shape.ts'

export const usual = (...roles: Role[]): (readonly [Role, FieldSource])[] => roles.map((role) => [role, 'usual'] as const)

export const cacheRoles = usual(
  'expiresAt',
  'createdAt',
  'lastHitAt',
  'ttl',
  'hitCount',
  'namespace',
  'user',
  'session',
  'model',
  'category',
  'source',
)
export const memoryRoles = usual(
  'createdAt',
  'lastHitAt',
  'hitCount',
  'user',
  'session',
  'speaker',
  'topic',
  'category',
  'importance',
  'namespace',
  'model',
  'source',
  'expiresAt',
)

export const cacheName = /cache|cached|gptcache/i
export const memoryName = /memor|remember|experience|episod|conversation|chat|dialog|history|recall|session/i
const bookkeeping = [
  'hit_count',
  'hits',
  'cache_hits',
  'ttl',
  'ttl_seconds',
  'ttl_hours',
  'expires_at',
  'expiry',
  'expire_at',
  'cached_at',
  'last_hit_at',
]
export const strongResponse = ['response_text', 'cached_response', 'cached_answer', 'llm_response', 'response_data', 'answer_text']
export const plainResponse = ['response', 'answer', 'completion', 'reply', 'result', 'output']
export const queryKeys = [
  'query_preview',
  'original_query',
  'cached_query',
  'query_text',
  'user_query',
  'query',
  'prompt',
  'question',
  'prompt_text',
]
export const inputKeys = ['input', 'user_input', 'user_message', 'human_message', 'message', 'user_prompt', 'human']
export const outputKeys = [
  'output',
  'assistant_output',
  'assistant_message',
  'ai_message',
  'ai_response',
  'agent_response',
  'assistant_response',
  'bot_response',
  'response',
  'reply',
]

export const hasDocuments = (shape: CollectionShape): boolean => shape.documents.share >= 0.5
export const has =
  (...names: string[]) =>
  (shape: CollectionShape): boolean =>
    findKey(shape, names) !== null
export const cacheLike = (shape: CollectionShape): boolean => cacheName.test(shape.name) || findKey(shape, bookkeeping) !== null

/** The text of a cached answer, perhaps inside JSON. `value` and its like count only where the collection is a cache anyway. */
const responseKeys = (shape: CollectionShape): readonly string[] =>
  cacheLike(shape) ? [...strongResponse, ...plainResponse, 'value', 'content', 'text', 'data'] : [...strongResponse, ...plainResponse]

export const hasResponse = (shape: CollectionShape): boolean => findRoleField(shape, 'response', responseKeys(shape)) !== null

export const cacheBookkeeping = [
  named(0.5, cacheName),
  key(0.35, ['hit_count', 'hits', 'cache_hits', 'num_hits', 'access_count'], 'counts hits'),
  key(0.3, ['ttl', 'ttl_seconds', 'ttl_hours', 'expires_at', 'expiry', 'expire_at', 'expiration'], 'says how long an entry is good for'),
  key(0.15, ['cached_at', 'inserted_at', 'created_at', 'created', 'timestamp'], 'says when an entry was made'),
]

export const conversation = [
  key(0.3, ['session_id', 'conversation_id', 'thread_id', 'chat_id', 'session'], 'groups records into sessions'),
  key(0.25, ['user_id', 'user', 'username'], 'names a user'),
  key(0.15, ['occurred_at', 'timestamp', 'created_at', 'time', 'date'], 'says when it was'),
]
