import { defineConfig } from 'vite'

/** Everything that runs under Node: the two entries and the files that are started as workers or processes. */
export default defineConfig({
  // Read from one file each: dozens of small modules would cost every worker and process a tenth of a second at its start.
  ssr: { noExternal: ['lossless-json', 're2js', 'zod'] },
  build: {
    ssr: true,
    outDir: 'dist/electron',
    emptyOutDir: true,
    target: 'node20',
    sourcemap: true,
    rollupOptions: {
      input: {
        main: 'electron/main.ts',
        server: 'electron/server.ts',
        clean: 'electron/clean.ts',
        'cleanup.worker': 'electron/cleanup/cleanup.worker.ts',
        'engine-host': 'electron/store/engine/engine-host.ts',
        'embedder.worker': 'electron/embedder/embedder.worker.ts',
        'lookup-log.worker': 'electron/lookup-logs/lookup-log.worker.ts',
        'mend-store.worker': 'electron/curation/mend-store.worker.ts',
        'nearest-entries.worker': 'electron/thresholds/nearest-entries.worker.ts',
        'neighbours.worker': 'electron/neighbours/neighbours.worker.ts',
        'preflight.worker': 'electron/store/engine/preflight.worker.ts',
        'projection.worker': 'electron/projection/projection.worker.ts',
        'reader.worker': 'electron/store/directory/reader.worker.ts',
        'search.worker': 'electron/search/search.worker.ts',
        'store-care.worker': 'electron/cleanup/store-care.worker.ts',
      },
      external: ['electron'],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})
