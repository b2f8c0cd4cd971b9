import { expect, test } from 'vitest'
import { emptyServerDraft, readServerDraft } from '../../renderer/features/welcome/server-form.ts'

test('an address is trimmed, loses its last slash, and what was left empty is null', () => {
  expect(readServerDraft({ ...emptyServerDraft, url: ' https://chroma.example/ ' }).address).toEqual({
    kind: 'server',
    url: 'https://chroma.example',
    tenant: null,
    database: null,
    token: null,
    tokenHeader: 'x-chroma-token',
    headers: [],
    title: null,
  })
})

test('an address may leave out http, and may end where the API begins', () => {
  const urlOf = (url: string) => readServerDraft({ ...emptyServerDraft, url }).address?.url
  expect(urlOf('localhost:8000')).toBe('http://localhost:8000')
  expect(urlOf('[::1]:8000')).toBe('http://[::1]:8000')
  expect(urlOf('https://host/chroma/api/v2/')).toBe('https://host/chroma')
})

test.each([
  '',
  'localhost 8000',
  'ftp://chroma',
  'http://',
  'http://localhost:99999',
  'http://user:secret@chroma',
  'http://chroma/?a=1',
  'http://chroma/#a',
])('the address %j is refused', (url) => {
  const { address, errors } = readServerDraft({ ...emptyServerDraft, url })
  expect(address).toBeNull()
  expect(errors.url).toBeTypeOf('string')
})

test('headers are read line by line, with colons in their values', () => {
  const { address } = readServerDraft({ ...emptyServerDraft, headers: 'X-Team: search\n\nX-Time: 12:30 ' })
  expect(address?.headers).toEqual([
    { name: 'X-Team', value: 'search' },
    { name: 'X-Time', value: '12:30' },
  ])
})

test('a line that is no header is named', () => {
  expect(readServerDraft({ ...emptyServerDraft, headers: 'X-Team search' }).errors.headers).toContain('"X-Team search"')
})

test('Chroma Cloud needs tenant, database and key, and takes no address', () => {
  expect(Object.keys(readServerDraft({ ...emptyServerDraft, kind: 'cloud' }).errors).toSorted()).toEqual(['database', 'tenant', 'token'])
  const { address } = readServerDraft({
    ...emptyServerDraft,
    kind: 'cloud',
    tenant: 't',
    database: 'd',
    token: 'k',
    tokenHeader: 'authorization',
  })
  expect(address).toMatchObject({ kind: 'cloud', url: null, tenant: 't', database: 'd', token: 'k', tokenHeader: 'x-chroma-token' })
})
