import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { LogHost } from '../../electron/lookup-logs/log-host.ts'
import { wholeLog } from '../../shared/contract/lookup-logs.ts'
import { isQuick } from '../support/quick.ts'

const lookups = isQuick ? 250_000 : 1_000_000

/** A line of the large log; every third one is a hit. */
function lineAt(index: number): string {
  const hit = index % 3 === 0
  return `{"time":${1_767_225_600 + index},"query":"question ${index % 20_000}","namespace":"n${index % 5}","outcome":"${hit ? 'hit' : 'miss'}","similarity":${(index % 100) / 100},"latency_ms":${index % 1000}}\n`
}

test(
  `${lookups.toLocaleString('en')} lookups are read in bounded memory while other questions are answered`,
  { timeout: 120_000 },
  async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-large-log-'))
    const file = path.join(folder, 'large.jsonl')
    const stream = createWriteStream(file)
    for (let from = 0; from < lookups; from += 10_000) {
      const block = Array.from({ length: 10_000 }, (_, place) => lineAt(from + place)).join('')
      if (!stream.write(block)) await once(stream, 'drain')
    }
    stream.end()
    await once(stream, 'close')
    const host = new LogHost(file, 'cosine', () => undefined)
    try {
      const seen: number[] = []
      let longestPause = 0
      let last = performance.now()
      const pulse = setInterval(() => {
        longestPause = Math.max(longestPause, performance.now() - last)
        last = performance.now()
      }, 20)
      const facts = await host.ask({ type: 'read', mapping: null }, { onProgress: (done) => seen.push(done) })
      clearInterval(pulse)
      expect(facts).toMatchObject({ lookups, malformed: 0 })
      // 53 bytes a lookup, with room to grow by half, and 20,000 texts.
      expect(facts.memory).toBeLessThan(120 * 1024 * 1024)
      expect(seen.length).toBeGreaterThan(1)
      expect(seen).toEqual(seen.toSorted((a, b) => a - b))
      expect(longestPause).toBeLessThan(2000)

      const overview = await host.ask({ type: 'overview', filter: wholeLog })
      const hits = Math.ceil(lookups / 3)
      expect(overview).toMatchObject({ lookups, unspecified: hits, miss: lookups - hits, hitRate: hits / lookups })
      expect(overview.latency).toMatchObject({ p50: 499, p95: 949 })
      expect(overview.overTime.length).toBeLessThanOrEqual(61)
      const page = await host.ask({ type: 'lookups', filter: wholeLog, sort: { by: 'time', descending: true }, offset: 0, limit: 1 })
      expect(page.lookups[0]).toMatchObject({ line: lookups, time: (1_767_225_600 + lookups - 1) * 1000 })
    } finally {
      await host.close()
      await rm(folder, { recursive: true, force: true })
    }
  },
)
