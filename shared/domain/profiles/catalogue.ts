import { collectionKey, findKey, key, named, when, type Evidence } from './evidence.ts'
import type { ProfileMapping, Role } from './profile.ts'
import { findRoleField } from './role-keys.ts'
import type { CollectionShape } from './shape.ts'

/** Where a rule looks for a role: the document, one side of its turns, these keys in this order, or the usual names of the role. */
export type FieldSource = 'document' | 'user turn' | 'assistant turn' | 'usual' | readonly string[]

/** How one producer, or kind of producer, lays out its records. */
export interface ProfileRule {
  readonly id: string
  readonly title: string
  readonly kind: ProfileMapping['kind']
  /** Without this the rule does not apply at all. */
  readonly applies: (shape: CollectionShape) => boolean
  readonly evidence: readonly Evidence[]
  /** Most specific role first: a field serves one role only. Several sources are tried in order. */
  readonly fields: readonly (readonly [role: Role, ...sources: FieldSource[]])[]
}

const usual = (...roles: Role[]): (readonly [Role, FieldSource])[] => roles.map((role) => [role, 'usual'] as const)

const cacheRoles = usual(
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
const memoryRoles = usual(
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

const cacheName = /cache|cached|gptcache/i
const memoryName = /memor|remember|experience|episod|conversation|chat|dialog|history|recall|session/i
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
const strongResponse = ['response_text', 'cached_response', 'cached_answer', 'llm_response', 'response_data', 'answer_text']
const plainResponse = ['response', 'answer', 'completion', 'reply', 'result', 'output']
const queryKeys = [
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
const inputKeys = ['input', 'user_input', 'user_message', 'human_message', 'message', 'user_prompt', 'human']
const outputKeys = [
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

const hasDocuments = (shape: CollectionShape): boolean => shape.documents.share >= 0.5
const has =
  (...names: string[]) =>
  (shape: CollectionShape): boolean =>
    findKey(shape, names) !== null
const cacheLike = (shape: CollectionShape): boolean => cacheName.test(shape.name) || findKey(shape, bookkeeping) !== null

/** The text of a cached answer, perhaps inside JSON. `value` and its like count only where the collection is a cache anyway. */
const responseKeys = (shape: CollectionShape): readonly string[] =>
  cacheLike(shape) ? [...strongResponse, ...plainResponse, 'value', 'content', 'text', 'data'] : [...strongResponse, ...plainResponse]

const hasResponse = (shape: CollectionShape): boolean => findRoleField(shape, 'response', responseKeys(shape)) !== null

const cacheBookkeeping = [
  named(0.5, cacheName),
  key(0.35, ['hit_count', 'hits', 'cache_hits', 'num_hits', 'access_count'], 'counts hits'),
  key(0.3, ['ttl', 'ttl_seconds', 'ttl_hours', 'expires_at', 'expiry', 'expire_at', 'expiration'], 'says how long an entry is good for'),
  key(0.15, ['cached_at', 'inserted_at', 'created_at', 'created', 'timestamp'], 'says when an entry was made'),
]

const conversation = [
  key(0.3, ['session_id', 'conversation_id', 'thread_id', 'chat_id', 'session'], 'groups records into sessions'),
  key(0.25, ['user_id', 'user', 'username'], 'names a user'),
  key(0.15, ['occurred_at', 'timestamp', 'created_at', 'time', 'date'], 'says when it was'),
]

/** Known layouts. The order decides between equals: named systems come before general ones. */
export const catalogue: readonly ProfileRule[] = [
  {
    id: 'claude-mem',
    title: 'claude-mem',
    kind: 'facts',
    applies: (shape) => shape.name.startsWith('cm__') || (has('doc_type')(shape) && has('sqlite_id', 'field_type')(shape)),
    evidence: [
      named(0.6, /^cm__/),
      key(0.45, ['sqlite_id'], 'points into the database of claude-mem'),
      key(0.35, ['doc_type'], 'says what kind of note it is'),
      key(0.3, ['field_type'], 'says which part of a note it is'),
    ],
    fields: [
      ['fact', 'document'],
      ['namespace', ['project']],
      ['category', ['doc_type', 'field_type', 'type']],
      ['session', ['memory_session_id', 'sdk_session_id', 'session_id']],
      ['topic', ['title', 'concepts']],
      ...memoryRoles,
    ],
  },
  {
    id: 'mem0',
    title: 'mem0',
    kind: 'facts',
    applies: (shape) => (shape.documents.share < 0.1 && shape.sampled > 0 && has('data', 'memory')(shape)) || /mem0/i.test(shape.name),
    evidence: [
      when(
        0.6,
        (shape) => shape.documents.share < 0.1 && has('data', 'memory')(shape),
        'Records have no document; the text is in metadata.',
      ),
      named(0.45, /mem0/i),
      key(0.4, ['hash'], 'holds a hash of the text'),
      key(0.3, ['user_id', 'agent_id', 'run_id'], 'says whose memory it is'),
    ],
    fields: [
      ['fact', ['data', 'memory'], 'document'],
      ['session', ['run_id', 'session_id']],
      ['namespace', ['agent_id', 'app_id']],
      ...memoryRoles,
    ],
  },
  {
    id: 'a-mem',
    title: 'A-MEM notes',
    kind: 'facts',
    applies: (shape) =>
      has('evolution_history')(shape) || (has('keywords')(shape) && has('links')(shape) && has('retrieval_count', 'context')(shape)),
    evidence: [
      key(0.6, ['evolution_history'], 'keeps how a note changed'),
      key(0.4, ['retrieval_count'], 'counts how often a note was found'),
      key(0.3, ['links'], 'links notes to each other'),
      key(0.25, ['keywords'], 'lists keywords'),
      key(0.15, ['last_accessed'], 'says when a note was last found'),
    ],
    fields: [
      ['fact', 'document', ['content']],
      ['hitCount', ['retrieval_count']],
      ['lastHitAt', ['last_accessed']],
      ['topic', ['context']],
      ...memoryRoles,
    ],
  },
  {
    id: 'llama-index',
    title: 'LlamaIndex nodes',
    kind: 'chunks',
    applies: has('_node_content', '_node_type'),
    evidence: [
      key(0.8, ['_node_content'], 'holds a whole node as JSON'),
      key(0.6, ['_node_type'], 'names the kind of node'),
      key(0.3, ['ref_doc_id', 'doc_id', 'document_id'], 'refers to the document it was cut from'),
    ],
    fields: [
      ['source', ['file_path', 'file_name', 'ref_doc_id', 'document_id', 'doc_id'], 'usual'],
      ['topic', ['title', 'document_title']],
      ...usual('category', 'createdAt'),
    ],
  },
  {
    id: 'gptcache',
    title: 'GPTCache',
    kind: 'cache',
    applies: (shape) => (shape.sampled > 0 || /gptcache/i.test(shape.name)) && shape.documents.share === 0 && shape.metadataShare < 0.05,
    evidence: [
      named(0.7, /gptcache/i),
      when(0.3, (shape) => shape.sampled > 0, 'Records hold ids and vectors only; GPTCache keeps the texts in a database of its own.'),
    ],
    fields: [],
  },
  {
    id: 'crewai',
    title: 'CrewAI memory',
    kind: 'facts',
    applies: (shape) =>
      /crew|^(?:short_term|long_term|entit(?:y|ies)|external)(?:_memory)?(?:_|$)/i.test(shape.name) ||
      (has('agent')(shape) && has('quality', 'expected_output', 'observation')(shape)),
    evidence: [
      named(0.55, /crew|^(?:short_term|long_term|entit(?:y|ies)|external)(?:_memory)?(?:_|$)/i),
      key(0.3, ['agent'], 'names the agent'),
      key(0.35, ['quality'], 'rates the outcome'),
      key(0.3, ['expected_output', 'observation', 'task_description'], 'describes a task of the crew'),
    ],
    fields: [
      ['fact', 'document', ['value', 'data']],
      ['speaker', ['agent']],
      ['importance', ['quality']],
      ['topic', ['task_description', 'task', 'expected_output']],
      ...memoryRoles,
    ],
  },
  {
    id: 'letta',
    title: 'Letta archival memory',
    kind: 'facts',
    applies: (shape) => /letta|memgpt|archival_memory/i.test(shape.name),
    evidence: [
      named(0.6, /letta|memgpt|archival_memory/i),
      key(0.2, ['agent_id'], 'names the agent'),
      key(0.2, ['user_id'], 'names a user'),
      when(0.2, hasDocuments, 'Records have a document.'),
    ],
    fields: [['fact', 'document', ['text']], ...memoryRoles],
  },
  {
    id: 'redisvl',
    title: 'RedisVL semantic cache layout',
    kind: 'cache',
    applies: (shape) => has('prompt')(shape) && has('response')(shape) && has('entry_id', 'inserted_at', 'prompt_vector', 'filters')(shape),
    evidence: [
      when(0.5, () => true, 'The keys prompt and response hold question and answer.'),
      key(0.4, ['inserted_at'], 'says when an entry was made'),
      key(0.35, ['entry_id', 'prompt_vector', 'filters'], 'is one of RedisVL'),
      named(0.4, cacheName),
    ],
    fields: [['query', ['prompt']], ['response', ['response']], ['createdAt', ['inserted_at']], ...cacheRoles],
  },
  {
    id: 'semantic-cache',
    title: 'Semantic cache: the document is the query',
    kind: 'cache',
    applies: (shape) =>
      hasDocuments(shape) && hasResponse(shape) && !(findKey(shape, inputKeys) !== null && findKey(shape, outputKeys) !== null),
    evidence: [
      key(0.6, strongResponse, 'holds the response'),
      key(0.4, plainResponse, 'holds the response'),
      when(
        0.4,
        (shape) => cacheLike(shape) && findKey(shape, [...strongResponse, ...plainResponse]) === null,
        'A text beside the document can be the response.',
      ),
      when(0.3, (shape) => shape.documents.questionShare >= 0.5, 'Most documents read like questions.'),
      ...cacheBookkeeping,
    ],
    fields: [['query', 'document'], ['response', strongResponse, plainResponse, ['value', 'content', 'text', 'data']], ...cacheRoles],
  },
  {
    id: 'semantic-cache-response',
    title: 'Semantic cache: the document is the response',
    kind: 'cache',
    applies: (shape) => hasDocuments(shape) && has(...queryKeys)(shape) && findKey(shape, [...strongResponse, ...plainResponse]) === null,
    evidence: [
      key(0.45, ['query_preview', 'original_query', 'cached_query'], 'holds the query of a cached answer'),
      key(0.3, ['query', 'prompt', 'question', 'query_text', 'user_query', 'prompt_text'], 'holds the query'),
      when(
        0.2,
        (shape) => shape.documents.meanLength > 1.5 * (findKey(shape, queryKeys)?.meanLength ?? Infinity),
        'Documents are longer than queries, as answers are.',
      ),
      ...cacheBookkeeping,
    ],
    fields: [['query', queryKeys], ['response', 'document'], ...cacheRoles],
  },
  {
    id: 'semantic-cache-metadata',
    title: 'Semantic cache: query and response are in metadata',
    kind: 'cache',
    applies: (shape) => has(...queryKeys)(shape) && hasResponse(shape),
    evidence: [
      key(0.3, queryKeys, 'holds the query'),
      key(0.3, [...strongResponse, ...plainResponse], 'holds the response'),
      ...cacheBookkeeping,
    ],
    fields: [['query', queryKeys], ['response', strongResponse, plainResponse, ['value', 'content', 'text', 'data']], ...cacheRoles],
  },
  {
    id: 'conversation-turns',
    title: 'Conversation: documents of "User: …" and "Assistant: …"',
    kind: 'memory',
    applies: (shape) => shape.documents.turnShare >= 0.5,
    evidence: [when(0.6, () => true, 'Documents hold the turns of a user and an assistant.'), named(0.25, memoryName), ...conversation],
    fields: [
      ['input', ['input', 'user_input', 'user_message'], 'user turn'],
      ['output', ['output', 'assistant_output', 'assistant_message'], 'assistant turn'],
      ...memoryRoles,
    ],
  },
  {
    id: 'episodes',
    title: 'Conversation episodes',
    kind: 'memory',
    applies: (shape) => has(...inputKeys)(shape) && has(...outputKeys)(shape),
    evidence: [when(0.45, () => true, 'Two keys hold what was said and what was answered.'), named(0.25, memoryName), ...conversation],
    fields: [['input', inputKeys], ['output', outputKeys], ...memoryRoles],
  },
  {
    id: 'facts',
    title: 'Facts about users',
    kind: 'facts',
    applies: (shape) =>
      /fact|preference|persona|belief|trait|user_?profile/i.test(shape.name) || has('fact', 'fact_text', 'fact_id')(shape),
    evidence: [
      named(0.5, /fact|preference|persona|belief|trait|user_?profile/i),
      key(0.4, ['fact', 'fact_text', 'fact_id'], 'holds a fact'),
      key(0.3, ['user_id', 'user', 'entity', 'entity_id'], 'says whom it is about'),
      key(0.2, ['importance', 'confidence'], 'weighs it'),
    ],
    fields: [['fact', 'document', ['fact', 'fact_text', 'value', 'text', 'content']], ...memoryRoles],
  },
  {
    id: 'memory-notes',
    title: 'Notes of an agent',
    kind: 'facts',
    applies: (shape) =>
      (hasDocuments(shape) || shape.sampled === 0) && has('importance', 'importance_score', 'entity_type', 'memory_type')(shape),
    evidence: [
      key(0.35, ['entity_type', 'memory_type'], 'sorts memories into kinds'),
      key(0.3, ['importance', 'importance_score', 'salience'], 'weighs them'),
      named(0.3, memoryName),
      key(0.15, ['relations', 'links', 'entities'], 'relates them to each other'),
      key(0.15, ['user_id', 'agent_id', 'project_id', 'session_id'], 'says whose they are'),
      key(0.1, ['timestamp', 'created_at'], 'says when they were made'),
    ],
    fields: [['fact', 'document', ['content', 'text', 'memory']], ...memoryRoles],
  },
  {
    id: 'agent-memory',
    title: 'Memory of an agent',
    kind: 'memory',
    applies: (shape) => memoryName.test(shape.name) || has('session_id', 'conversation_id', 'thread_id', 'experience_id')(shape),
    evidence: [
      named(0.4, memoryName),
      collectionKey(0.3, ['agent_id', 'user_id', 'session_id']),
      key(0.2, ['experience_id', 'episode_id', 'memory_id'], 'numbers the memories'),
      key(0.1, ['iteration', 'step', 'turn', 'outcome'], 'says what step or outcome it was'),
      key(0.2, ['session_id', 'conversation_id', 'thread_id'], 'groups records into sessions'),
      key(0.15, ['user_id', 'agent_id'], 'says whose they are'),
      key(0.1, ['timestamp', 'created_at', 'occurred_at'], 'says when it was'),
    ],
    fields: [['fact', 'document'], ...memoryRoles],
  },
  {
    id: 'langchain',
    title: 'LangChain documents',
    kind: 'chunks',
    applies: (shape) =>
      shape.name === 'langchain' ||
      (hasDocuments(shape) && has('source')(shape) && has('page', 'start_index', 'total_pages', 'page_label')(shape)),
    evidence: [
      named(0.5, /^langchain$/),
      when(0.15, hasDocuments, 'Records have a document.'),
      key(0.4, ['source'], 'says where the text is from'),
      key(0.45, ['page', 'total_pages', 'page_label'], 'counts pages'),
      key(0.3, ['start_index'], 'says where the text began'),
    ],
    fields: [['source', ['source'], 'usual'], ['topic', ['title', 'subject']], ...usual('category', 'createdAt')],
  },
  {
    id: 'chunks',
    title: 'Pieces of documents',
    kind: 'chunks',
    applies: hasDocuments,
    evidence: [
      when(0.15, () => true, 'Records have a document.'),
      when(0.15, (shape) => shape.documents.meanLength > 300, 'Documents are long.'),
      key(
        0.35,
        ['source', 'source_file', 'file_name', 'filename', 'file_path', 'url', 'source_url', 'document_name', 'path'],
        'says where the text is from',
      ),
      key(0.3, ['page', 'page_number', 'chunk', 'chunk_index', 'chunk_id', 'chunk_number', 'start_index'], 'counts the pieces'),
      key(0.15, ['file_type', 'title', 'data_type', 'doc_title'], 'describes the document it is from'),
      named(0.2, /docs?\b|documents?|chunk|rag|knowledge|pdf|wiki|corpus|manual/i),
    ],
    fields: [['source', 'usual'], ['topic', ['title', 'doc_title', 'section', 'heading']], ...usual('category', 'createdAt')],
  },
]

/** Roles that are looked for by name where no layout was recognised. */
export const unknownFields: ProfileRule['fields'] = usual(
  'query',
  'response',
  'createdAt',
  'expiresAt',
  'ttl',
  'hitCount',
  'lastHitAt',
  'user',
  'session',
  'topic',
  'source',
  'category',
  'importance',
  'model',
)
