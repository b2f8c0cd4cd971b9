import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { builtFile } from '../../electron/platform/paths.ts'
import { engineCommand } from '../support/engine-command.ts'
import { sampleStore } from '../support/sample-store.ts'
import { treeHash } from '../support/tree-hash.ts'

describe('a policy from the command line', { timeout: 300_000 }, () => {
  let home: string
  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-home-'))
  })
  afterAll(() => rm(home, { recursive: true, force: true }))

  function clean(...words: string[]): Promise<{ code: number | null; output: string }> {
    const env = { ...process.env, MNEMOSCOPE_DATA: path.join(home, 'data'), INIT_CWD: home }
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [builtFile('clean.js'), ...words], { env }, (_, output, errors) =>
        resolve({ code: child.exitCode, output: output + errors }),
      )
    })
  }

  test('shows what it would remove and touches nothing; with --apply it removes that and says what', async ({ skip }) => {
    const sample = await sampleStore()
    if (!sample) return skip()
    const policy = path.join(home, 'policy.json')
    const rules = [{ rule: 'expired', at: sample.truth.referenceTime }]
    await writeFile(policy, JSON.stringify({ collection: 'support_cache', rules }))
    const hash = await treeHash(sample.directory)
    const { length } = sample.truth.supportCache.expired
    const looked = await clean(sample.directory, '--policy', 'policy.json')
    expect(looked).toMatchObject({ code: 0, output: expect.stringContaining(`${length} records would be removed, 0 records changed.`) })
    expect(looked.output).toContain('Nothing was changed.')
    expect(await treeHash(sample.directory)).toBe(hash)

    const command = await engineCommand()
    const applied = await clean(sample.directory, '--policy', policy, '--apply', ...(command === null ? [] : ['--engine', command]))
    expect(applied).toMatchObject({ code: 0, output: expect.stringContaining(`support_cache: ${length} records removed`) })
    expect((await clean(sample.directory, '--policy', policy)).output).toContain('0 records would be removed')
  })

  test('says what is wrong with its arguments, and with the policy', async () => {
    expect(await clean('somewhere')).toMatchObject({ code: 2, output: expect.stringContaining('--policy') })
    await writeFile(path.join(home, 'bad.json'), '{"rules":[{"rule":"everything"}]}')
    expect(await clean('somewhere', '--policy', 'bad.json')).toMatchObject({ code: 1, output: expect.stringContaining('is no policy') })
  })
})
