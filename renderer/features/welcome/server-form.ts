import type { Connection, ServerAddress } from '../../../shared/contract/connections.ts'
import { readServerUrl } from '../../../shared/domain/server-url.ts'

/** What the person typed so far. */
export interface ServerDraft {
  kind: 'server' | 'cloud'
  url: string
  tenant: string
  database: string
  token: string
  tokenHeader: 'x-chroma-token' | 'authorization'
  /** One `Name: value` on each line. */
  headers: string
  title: string
}

export type ServerErrors = Partial<Record<'url' | 'tenant' | 'database' | 'token' | 'headers', string>>

export const emptyServerDraft: ServerDraft = {
  kind: 'server',
  url: 'http://localhost:8000',
  tenant: '',
  database: '',
  token: '',
  tokenHeader: 'x-chroma-token',
  headers: '',
  title: '',
}

/** What a server that was connected to before begins with; what opens it is asked anew. */
export function draftOfServer({ kind, title, server }: Connection): ServerDraft {
  if (server === null || kind === 'directory') return emptyServerDraft
  const { url, tenant, database, tokenHeader } = server
  return { ...emptyServerDraft, kind, url: url ?? '', tenant: tenant ?? '', database: database ?? '', tokenHeader, title }
}

function orNull(text: string): string | null {
  const trimmed = text.trim()
  return trimmed === '' ? null : trimmed
}

const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.+)$/

function parseHeaders(text: string): { headers: { name: string; value: string }[]; error: string | null } {
  const headers = []
  for (const line of text.split('\n').map((item) => item.trim())) {
    if (line === '') continue
    const [, name, value] = headerLine.exec(line) ?? []
    if (name === undefined || value === undefined) return { headers: [], error: `"${line}" is no header; write it as Name: value.` }
    headers.push({ name, value })
  }
  return { headers, error: null }
}

/** The address that a draft stands for, or what is wrong with it, by field. */
export function readServerDraft(draft: ServerDraft): { address: ServerAddress | null; errors: ServerErrors } {
  const errors: ServerErrors = {}
  const read = readServerUrl(draft.url)
  const { headers, error } = parseHeaders(draft.headers)
  if (error !== null) errors.headers = error
  if (draft.kind === 'server') {
    if ('problem' in read) errors.url = `${read.problem} ${read.remedy}`
  } else {
    if (draft.tenant.trim() === '') errors.tenant = 'Chroma Cloud needs the tenant; it stands in the settings of the Cloud dashboard.'
    if (draft.database.trim() === '') errors.database = 'Chroma Cloud needs the name of the database.'
    if (draft.token.trim() === '') errors.token = 'Chroma Cloud needs an API key.'
  }
  if (Object.keys(errors).length > 0) return { address: null, errors }
  return {
    errors,
    address: {
      kind: draft.kind,
      url: draft.kind === 'cloud' || 'problem' in read ? null : read.url,
      tenant: orNull(draft.tenant),
      database: orNull(draft.database),
      token: orNull(draft.token),
      tokenHeader: draft.kind === 'cloud' ? 'x-chroma-token' : draft.tokenHeader,
      headers,
      title: orNull(draft.title),
    },
  }
}
