import { z } from 'zod'
import { SettingsFile } from './settings-file.ts'

/** What opens a server and must not stand in the settings. */
export const secretSchema = z.object({
  token: z.string().nullable(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
})
export type Secret = z.infer<typeof secretSchema>

/** Where secrets are kept, by connection id. The desktop shell can bring one that uses the system's key chain. */
export interface Secrets {
  get(connectionId: string): Promise<Secret | null>
  set(connectionId: string, secret: Secret): Promise<void>
  remove(connectionId: string): Promise<void>
}

const secretsFileSchema = z.object({ secrets: z.record(z.string(), secretSchema).default({}) })

/** Secrets in a file that only its owner may read (mode 0600). */
export function createFileSecrets(file: string, onDamaged: (file: string, setAside: string) => void): Secrets {
  const settings = new SettingsFile({ file, schema: secretsFileSchema, onDamaged })
  return {
    async get(connectionId) {
      const { secrets } = await settings.read()
      return Object.hasOwn(secrets, connectionId) ? (secrets[connectionId] ?? null) : null
    },
    async set(connectionId, secret) {
      await settings.update(({ secrets }) => ({ secrets: { ...secrets, [connectionId]: secret } }))
    },
    async remove(connectionId) {
      await settings.update(({ secrets }) => ({
        secrets: Object.fromEntries(Object.entries(secrets).filter(([id]) => id !== connectionId)),
      }))
    },
  }
}
