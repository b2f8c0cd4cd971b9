import { defineConfig } from 'vite'

/** A sandboxed preload must be one CommonJS file, so it is built apart from the other entries. */
export default defineConfig({
  build: {
    ssr: 'electron/preload.ts',
    outDir: 'dist/electron',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    rollupOptions: {
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: 'preload.cjs' },
    },
  },
})
