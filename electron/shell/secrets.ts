import { z } from 'zod'
import { log } from '../platform/log.ts'
import { secretSchema, type Secret, type Secrets } from '../platform/secrets.ts'
import { SettingsFile } from '../platform/settings-file.ts'

const sealedFileSchema = z.object({ sealed: z.record(z.string(), z.base64()).default({}) })

/** True where what is sealed is safe from other programs: on Linux without a key ring it would not be. */
export function canSeal(safeStorage: Electron.SafeStorage, platform: NodeJS.Platform): boolean {
  return safeStorage.isEncryptionAvailable() && (platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text')
}

/** Secrets in a file that only this person's key chain opens. A secret that it no longer opens counts as none. */
export function createSealedSecrets(
  safeStorage: Electron.SafeStorage,
  file: string,
  onDamaged: (file: string, setAside: string) => void,
): Secrets {
  const settings = new SettingsFile({ file, schema: sealedFileSchema, onDamaged })

  function unseal(text: string): Secret | null {
    try {
      return secretSchema.parse(JSON.parse(safeStorage.decryptString(Buffer.from(text, 'base64'))))
    } catch (error) {
      log.warn('A stored token could not be unsealed and has to be entered again', error)
      return null
    }
  }

  return {
    async get(connectionId) {
      const { sealed } = await settings.read()
      const text = Object.hasOwn(sealed, connectionId) ? sealed[connectionId] : undefined
      return text === undefined ? null : unseal(text)
    },
    async set(connectionId, secret) {
      const text = safeStorage.encryptString(JSON.stringify(secret)).toString('base64')
      await settings.update(({ sealed }) => ({ sealed: { ...sealed, [connectionId]: text } }))
    },
    async remove(connectionId) {
      await settings.update(({ sealed }) => ({ sealed: Object.fromEntries(Object.entries(sealed).filter(([id]) => id !== connectionId)) }))
    },
  }
}
