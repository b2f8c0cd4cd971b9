import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Every permission that the installed Electron knows by name, read from its own types. */
const types = readFileSync(createRequire(import.meta.url).resolve('electron/electron.d.ts'), 'utf8')
const check = /setPermissionCheckHandler\(handler: \(\(webContents[^)]*\) \| \(null\), permission: ([^,]+),/.exec(types)?.[1] ?? ''
const request = /setPermissionRequestHandler\(handler: \(\(webContents: WebContents, permission: ([^,]+),/.exec(types)?.[1] ?? ''

export const permissionNames = [...new Set([...`${check} ${request}`.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? ''))]
