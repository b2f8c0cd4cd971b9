import { createHash } from 'node:crypto'
import path from 'node:path'
import type { ServerAddress } from '../../../shared/contract/connections.ts'
import { readServerUrl } from '../../../shared/domain/server-url.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { RecentEntry } from './recent-list.ts'

function stableId(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16)
}

function newEntry(part: Omit<RecentEntry, 'pinned' | 'lastOpenedAt' | 'holds'>): RecentEntry {
  return { ...part, pinned: false, lastOpenedAt: Date.now(), holds: null }
}

/** The connection to a directory. Its id depends on the path alone; `directory` must be a real, absolute path. */
export function directoryEntry(directory: string, isSample: boolean): RecentEntry {
  const ending = directory.split(path.sep).filter((part) => part !== '')
  return newEntry({
    id: stableId(['directory', directory]),
    kind: 'directory',
    title: isSample ? 'Sample' : ending.slice(-2).join('/') || directory,
    location: directory,
    isSample,
    address: null,
  })
}

function serverUrl(text: string): string {
  const read = readServerUrl(text)
  if ('problem' in read) throw new AppError('invalid-input', read.problem, read.remedy)
  return read.url
}

/**
 * The connection to a server. The id depends on address, tenant and database, not on what opens it.
 * @throws AppError 'invalid-input' for what is no http(s) address, or one with a password in it.
 */
export function serverEntry({ kind, url, tenant, database, tokenHeader, title }: ServerAddress): RecentEntry {
  const base = kind === 'cloud' && url === null ? null : serverUrl(url ?? '')
  const within = [tenant, database].filter((part) => part !== null).join('/')
  const host = base === null ? 'Chroma Cloud' : base.replace(/^https?:\/\//, '')
  return newEntry({
    id: stableId([kind, base, tenant, database]),
    kind,
    title: title ?? [host, within].filter((part) => part !== '').join(' · '),
    location: [base ?? 'Chroma Cloud', within].filter((part) => part !== '').join(' · '),
    isSample: false,
    address: { kind, url: base, tenant, database, tokenHeader },
  })
}
