/**
 * Runs benchmarks by name: `npm run bench -- open` compiles test/bench/open.ts with Vite and runs it.
 * Further words are handed to the benchmark. Without a name it lists what there is.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { build } from 'vite'

const here = import.meta.dirname
const root = path.resolve(here, '../..')
const out = path.join(root, 'dist/bench')
const names = readdirSync(here)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
const [name, ...rest] = process.argv.slice(2)

if (!name || !names.includes(name)) {
  console.error(`${name ? `There is no benchmark ${name}. ` : ''}npm run bench -- ${names.join(' | ') || '(none yet)'}`)
  process.exit(2)
}

// The benchmark starts the built workers and the built server, exactly as a person's start does.
if (process.env['MNEMOSCOPE_SKIP_BUILD'] !== '1' || !existsSync(path.join(root, 'dist/electron'))) {
  const built = spawnSync(process.execPath, [path.join(root, 'electron/launch.mjs'), '--build-only'], { cwd: root, stdio: 'inherit' })
  if (built.status !== 0) process.exit(built.status ?? 1)
}
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: path.join(here, `${name}.ts`),
    outDir: out,
    emptyOutDir: false,
    target: 'node20',
    sourcemap: true,
    rollupOptions: { output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' } },
  },
})
const result = spawnSync(process.execPath, ['--expose-gc', '--enable-source-maps', path.join(out, `${name}.js`), ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, MNEMOSCOPE_ROOT: root },
})
process.exit(result.status ?? 1)
