import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

export interface StaticFile {
  readonly file: string
  readonly contentType: string
}

/** Only what a build names its files: so no `..`, no separators of another system, no encoded characters, no NUL. */
const plainPath = /^(?:\/(?!\.)[A-Za-z0-9._-]+)+$/

/**
 * The file of a folder that a URL's path names, or null where it names none, or one outside, whether by its spelling
 * or by a symbolic link. `/` is index.html.
 */
export async function findStaticFile(folder: string, urlPath: string): Promise<StaticFile | null> {
  const wanted = urlPath === '/' ? '/index.html' : urlPath
  const contentType = contentTypes[path.extname(wanted)]
  if (!plainPath.test(wanted) || contentType === undefined) return null
  try {
    const root = await realpath(folder)
    const file = await realpath(path.join(root, wanted))
    if (!file.startsWith(root + path.sep) || !(await stat(file)).isFile()) return null
    return { file, contentType }
  } catch {
    return null
  }
}
