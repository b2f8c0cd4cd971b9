import type { Role } from './profile.ts'
import { normaliseKey, type CollectionShape, type FieldShape } from './shape.ts'

const keyNames: Readonly<Record<Role, readonly string[]>> = {
  query: [
    'query',
    'prompt',
    'question',
    'original_query',
    'query_text',
    'user_query',
    'cached_query',
    'query_preview',
    'prompt_text',
    'request',
    'user_prompt',
    'input_text',
    'q',
    'normalized_query',
    'query_norm',
  ],
  response: [
    'response_text',
    'cached_response',
    'response',
    'answer',
    'cached_answer',
    'answer_text',
    'llm_response',
    'completion',
    'response_content',
    'reply',
    'generated_text',
    'output_text',
    'response_data',
    'result',
    'output',
    'a',
  ],
  namespace: [
    'namespace',
    'ns',
    'cache_namespace',
    'partition',
    'tenant',
    'tenant_id',
    'scope',
    'assistant_type',
    'skin_type',
    'app',
    'app_id',
    'application',
    'project',
    'project_id',
    'agent_id',
    'locale',
    'language',
  ],
  createdAt: [
    'created_at',
    'cached_at',
    'inserted_at',
    'stored_at',
    'occurred_at',
    'created_at_epoch',
    'created',
    'creation_date',
    'creation_time',
    'added_at',
    'saved_at',
    'learned_at',
    'noted_at',
    'recorded_at',
    'timestamp',
    'timestamp_created',
    'datetime',
    'date',
    'time',
    'ts',
    'epoch',
    'updated_at',
    'last_modified',
  ],
  expiresAt: [
    'expires_at',
    'expire_at',
    'expiry',
    'expiration',
    'expiration_date',
    'expires',
    'expiry_time',
    'expires_on',
    'valid_until',
    'expiration_time',
    'expires_epoch',
    'expire_time',
  ],
  ttl: ['ttl', 'ttl_seconds', 'ttl_s', 'ttl_hours', 'max_age', 'expires_in', 'time_to_live', 'ttl_ms'],
  hitCount: ['hit_count', 'hits', 'cache_hits', 'access_count', 'usage_count', 'use_count', 'times_used', 'retrieval_count', 'num_hits'],
  lastHitAt: [
    'last_hit_at',
    'last_accessed',
    'last_accessed_at',
    'last_access',
    'last_used',
    'last_used_at',
    'accessed_at',
    'last_hit',
    'last_seen',
  ],
  user: ['user_id', 'user', 'username', 'user_name', 'uid', 'customer_id', 'account_id'],
  session: [
    'session_id',
    'session',
    'conversation_id',
    'thread_id',
    'chat_id',
    'run_id',
    'memory_session_id',
    'sdk_session_id',
    'dialog_id',
    'task_id',
  ],
  speaker: ['speaker', 'role', 'sender', 'from_role', 'actor', 'actor_id', 'message_type', 'agent', 'character_name'],
  input: ['input', 'user_input', 'user_message', 'human_message', 'human', 'message', 'user_prompt', 'question', 'query'],
  output: [
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
    'answer',
    'assistant',
    'ai',
  ],
  fact: ['fact', 'data', 'memory', 'content', 'text', 'value', 'statement', 'fact_text'],
  topic: ['topic', 'subject', 'title', 'intent', 'context', 'task', 'task_description'],
  source: [
    'source',
    'source_file',
    'file_name',
    'filename',
    'file_path',
    'url',
    'path',
    'document_name',
    'doc_name',
    'source_url',
    'origin',
    'ref_doc_id',
    'document_id',
    'doc_id',
    'source_id',
  ],
  category: [
    'category',
    'categories',
    'type',
    'memory_type',
    'entity_type',
    'doc_type',
    'field_type',
    'kind',
    'tag',
    'tags',
    'group',
    'label',
    'data_type',
  ],
  importance: [
    'importance',
    'importance_score',
    'priority',
    'weight',
    'salience',
    'score',
    'relevance',
    'quality',
    'confidence',
    'safety_score',
  ],
  model: ['model', 'model_name', 'llm_model', 'model_version', 'llm', 'model_id', 'embedding_model', 'llm_string'],
}

const namesByRole = new Map(Object.entries(keyNames).map(([role, names]) => [role as Role, names.map(normaliseKey)]))

const textRoles: ReadonlySet<Role> = new Set(['query', 'response', 'input', 'output', 'fact'])
const numericRoles: ReadonlySet<Role> = new Set(['hitCount', 'ttl', 'importance'])
const timedRoles: ReadonlySet<Role> = new Set(['createdAt', 'expiresAt', 'lastHitAt'])

/** Whether the values under a key can be what the role needs; without records the name alone must do. */
function fits(role: Role, shape: FieldShape): boolean {
  if (shape.share === 0) return true
  if (timedRoles.has(role)) return shape.timeShare >= 0.8
  if (numericRoles.has(role)) return shape.numberShare >= 0.8
  if (textRoles.has(role)) return shape.textShare >= 0.8 && shape.objectShare < 0.5
  return true
}

/**
 * The field whose name says most plainly that it holds a role, null where none does. Values must be of the right kind: a
 * `timestamp` that is no time is passed over. Top-level keys go before places inside JSON, and earlier names before later ones.
 * `names` stands in for the usual names of the role; fields in `taken` are left out.
 */
export function findRoleField(
  shape: CollectionShape,
  role: Role,
  names: readonly string[] | null = null,
  taken: ReadonlySet<FieldShape> = new Set(),
): FieldShape | null {
  const wanted = names === null ? (namesByRole.get(role) ?? []) : names.map(normaliseKey)
  for (const nested of [false, true]) {
    for (const name of wanted) {
      const found = shape.fields.find(
        (field) => field.name === name && (field.field.path !== null) === nested && !taken.has(field) && fits(role, field),
      )
      if (found !== undefined) return found
    }
  }
  return null
}
