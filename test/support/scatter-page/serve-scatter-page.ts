import { mkdtemp, readFile, rm } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { contentSecurityPolicy } from '../../../electron/rpc/content-security-policy.ts'

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** Builds the page that shows the scatter view alone and serves it under the app's own policy. `root` is the project's folder. */
export async function serveScatterPage(root: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const out = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-scatter-page-'))
  await build({
    root: path.join(root, 'test/support/scatter-page'),
    configFile: false,
    logLevel: 'warn',
    base: './',
    plugins: [react(), tailwindcss()],
    build: { outDir: out, emptyOutDir: true, target: 'es2023', minify: false, chunkSizeWarningLimit: 4000 },
  })
  const server = http.createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = path.join(out, name === '/' ? 'index.html' : path.normalize(name))
    readFile(file).then(
      (content) => {
        const type = types[path.extname(file)] ?? 'application/octet-stream'
        response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': contentSecurityPolicy() }).end(content)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await rm(out, { recursive: true, force: true })
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, stop }
}
