import type { ServerAddress } from '../../../shared/contract/connections.ts'

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

function orNull(text: string): string | null {
  const trimmed = text.trim()
  return trimmed === '' ? null : trimmed
}

function urlError(url: string): string | null {
  if (url === '') return 'The address is missing, such as http://localhost:8000.'
  if (!URL.canParse(url)) return 'This is no address; it starts with http:// or https://.'
  const { protocol, username, password, search, hash } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return 'Chroma is reached by http:// or https:// only.'
  if (username !== '' || password !== '') return 'Put a name and password into a header, not into the address.'
  if (search !== '' || hash !== '') return 'The address of a server has no ? or # part.'
  return null
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
  const url = draft.url.trim().replace(/\/+$/, '')
  const { headers, error } = parseHeaders(draft.headers)
  if (error !== null) errors.headers = error
  if (draft.kind === 'server') {
    const wrong = urlError(url)
    if (wrong !== null) errors.url = wrong
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
      url: draft.kind === 'cloud' ? null : url,
      tenant: orNull(draft.tenant),
      database: orNull(draft.database),
      token: orNull(draft.token),
      tokenHeader: draft.kind === 'cloud' ? 'x-chroma-token' : draft.tokenHeader,
      headers,
      title: orNull(draft.title),
    },
  }
}
