import type { ServerAddress } from '../../../shared/contract/connections.ts'
import { readServerUrl } from '../../../shared/domain/server-url.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { ApiDatabase } from './api-schemas.ts'
import { ChromaApi, type CallOptions } from './api.ts'
import { parseLossless } from './lossless-json.ts'

export const cloudUrl = 'https://api.trychroma.com:8000'
/** Milliseconds: a server that is there says so soon, however long it takes for its records. */
const greetingPatience = 15_000
const defaultTenant = 'default_tenant'
const defaultDatabase = 'default_database'

export interface ConnectOptions extends CallOptions {
  /** Milliseconds that the server may take for its first answer; 15,000 where left out. */
  readonly patience?: number
}

/** A server that answered as Chroma does, and what may be seen of it. */
export interface Connected {
  readonly api: ChromaApi
  readonly version: string
  readonly tenant: string
  /** Lists the databases that are shown; asked again on refresh. */
  databases(options?: CallOptions): Promise<ApiDatabase[]>
}

function serverUrl(text: string): string {
  const read = readServerUrl(text)
  if ('problem' in read) throw new AppError('invalid-input', read.problem, read.remedy)
  return read.url
}

function headersOf(address: ServerAddress): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const { name, value } of address.headers) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      throw new AppError('invalid-input', `${JSON.stringify(name)} cannot be the name of a header.`, 'Correct the headers.')
    headers[name.toLowerCase()] = value
  }
  const token = address.token?.trim() ?? ''
  if (token === '') return headers
  if (address.tokenHeader === 'x-chroma-token') headers['x-chroma-token'] = token
  else headers['authorization'] = /^(bearer|basic) /i.test(token) ? token : `Bearer ${token}`
  return headers
}

function isHeartbeat(text: string): boolean {
  try {
    const body = parseLossless(text)
    return typeof body === 'object' && body !== null && 'nanosecond heartbeat' in body
  } catch {
    return false
  }
}

/** Says what it is that answers, where it is no Chroma server with API v2. */
async function greet(api: ChromaApi, { patience = greetingPatience, ...options }: ConnectOptions): Promise<void> {
  const answer = await api.raw({ method: 'GET', path: '/api/v2/heartbeat', idleTimeout: patience, ...options })
  if (answer.status === 200 && isHeartbeat(answer.text)) return
  if (answer.status === 401 || answer.status === 403) {
    await api.heartbeat(options)
    return
  }
  const first = await api.raw({ method: 'GET', path: '/api/v1/heartbeat', ...options })
  if (first.status === 200 && isHeartbeat(first.text)) {
    throw new AppError(
      'unsupported',
      `${api.host} is a Chroma server that only knows API v1.`,
      'Update the server to Chroma 0.6 or later, or open its persist directory.',
    )
  }
  if (answer.status >= 500) await api.heartbeat(options)
  const what = /html/i.test(answer.type) || /^\s*</.test(answer.text) ? 'with a web page' : `with status ${answer.status}`
  throw new AppError(
    'not-a-store',
    `${api.host} answers ${what}, not as a Chroma server does.`,
    'Check the address, the port and the path of the server.',
  )
}

function named(name: string | null | undefined): string | null {
  const trimmed = name?.trim() ?? ''
  return trimmed === '' || trimmed === '*' ? null : trimmed
}

/** True where a server does not let a list be read, as opposed to being broken or out of reach. */
function isRefusal(error: unknown): boolean {
  return error instanceof AppError && ['unauthorised', 'not-found', 'unsupported', 'invalid-input'].includes(error.code)
}

/**
 * Connects to a server and finds tenant and databases. Where the address names no tenant, the token's own is used, else
 * Chroma's default; where it names no database, all that the tenant lets be listed.
 * @throws AppError 'invalid-input', 'unreachable', 'unauthorised', 'unsupported' (API v1 only), 'not-a-store', 'not-found'
 */
export async function connect(address: ServerAddress, { patience, ...options }: ConnectOptions = {}): Promise<Connected> {
  const url = serverUrl(address.url ?? (address.kind === 'cloud' ? cloudUrl : ''))
  const api = new ChromaApi({ url, headers: headersOf(address) })
  try {
    await greet(api, { ...options, ...(patience === undefined ? {} : { patience }) })
    const version = await api.version(options).catch((error: unknown) => {
      if (isRefusal(error)) return 'of unknown version'
      throw error
    })
    const identity = await api.identity(options).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'unauthorised') throw error
      if (isRefusal(error)) return { tenant: null, databases: [] }
      throw error
    })
    const tenant = named(address.tenant) ?? named(identity.tenant) ?? defaultTenant
    const wanted = named(address.database)
    const allowed = identity.databases.map(named).filter((name) => name !== null)

    const databases = async (call: CallOptions = {}): Promise<ApiDatabase[]> => {
      if (wanted !== null) return [await api.database({ tenant, database: wanted }, call)]
      try {
        return await api.databases(tenant, call)
      } catch (error) {
        if (!isRefusal(error)) throw error
      }
      const names = allowed.length > 0 ? allowed : [defaultDatabase]
      return Promise.all(names.map((database) => api.database({ tenant, database }, call)))
    }
    const found = await databases(options)
    if (found.length === 0) await api.tenant(tenant, options)
    return { api, version, tenant, databases }
  } catch (error) {
    api.close()
    if (!(error instanceof AppError) || error.code !== 'not-found') throw error
    throw new AppError('not-found', error.message, 'Check the names of the tenant and the database.', { cause: error })
  }
}
