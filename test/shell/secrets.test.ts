import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { canSeal, createSealedSecrets } from '../../electron/shell/secrets.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { loadStandIn } from './support/desktop.ts'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder('secrets')
})
afterEach(() => rm(folder, { recursive: true }))

const secret = { token: 'ck-abc', headers: [{ name: 'X-Tenant', value: 'blue' }] }

async function safeStorage(given: Partial<Electron.SafeStorage> = {}): Promise<Electron.SafeStorage> {
  return { ...(await loadStandIn()).safeStorage, ...given } as unknown as Electron.SafeStorage
}

test('A token is kept sealed, read back, and removed', async () => {
  const file = path.join(folder, 'sealed.json')
  const secrets = createSealedSecrets(await safeStorage(), file, () => undefined)
  expect(await secrets.get('one')).toBeNull()
  await secrets.set('one', secret)
  const text = await readFile(file, 'utf8')
  expect(text).not.toContain('ck-abc')
  expect(text).not.toContain('blue')
  expect(await createSealedSecrets(await safeStorage(), file, () => undefined).get('one')).toEqual(secret)
  expect(await secrets.get('toString')).toBeNull()
  await secrets.remove('one')
  expect(await secrets.get('one')).toBeNull()
})

test('A token that the key chain no longer opens counts as none', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const file = path.join(folder, 'sealed.json')
  await createSealedSecrets(await safeStorage(), file, () => undefined).set('one', secret)
  const locked = await safeStorage({
    decryptString: () => {
      throw new Error('The key chain is locked')
    },
  })
  expect(await createSealedSecrets(locked, file, () => undefined).get('one')).toBeNull()
  vi.restoreAllMocks()
})

test('Without a real key chain nothing is sealed', async () => {
  expect(canSeal(await safeStorage({ getSelectedStorageBackend: () => 'basic_text' }), 'linux')).toBe(false)
  expect(canSeal(await safeStorage({ isEncryptionAvailable: () => false }), 'darwin')).toBe(false)
  expect(canSeal(await safeStorage(), 'linux')).toBe(true)
})
