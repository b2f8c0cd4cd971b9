import { existsSync } from 'node:fs'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngines } from '../../../electron/store/engine/engines.ts'
import { temporaryFolder } from '../../support/fixtures.ts'

let folder: string
beforeAll(async () => {
  folder = await temporaryFolder('candidates')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('candidates', () => {
  test('tell their version, or in words why they cannot be used', async () => {
    const manager = createEngines({ dataFolder: path.join(folder, 'candidates'), environment: {}, command: '/no/such/chroma' })
    const found = await manager.candidates()
    expect(found.map((candidate) => candidate.kind)).toEqual(['configured', 'newest-binding', 'compat-binding'])
    expect(found[0]).toMatchObject({ label: '/no/such/chroma', usable: false, note: 'It was not found.' })
    for (const candidate of found) {
      if (candidate.usable) expect(candidate.version).toMatch(/^\d+\.\d+\.\d+/)
      else expect(candidate.note).toMatch(/\.$/)
    }
    expect(found[2]?.note).toContain('1.1')
    if (!found[1]?.usable) expect(found[1]?.note).toMatch(/glibc|installed/)
  })

  test('include programs on PATH and in the active Python environment, which are asked for their version', async () => {
    const bin = path.join(folder, 'environment/bin')
    await mkdir(bin, { recursive: true })
    await writeFile(path.join(bin, 'chroma'), '#!/bin/sh\necho chroma 1.2.3\n')
    await chmod(path.join(bin, 'chroma'), 0o755)
    const onPath = createEngines({ dataFolder: path.join(folder, 'on-path'), environment: { PATH: `${bin}:/usr/bin` } })
    expect((await onPath.candidates())[1]).toMatchObject({ kind: 'path', label: path.join(bin, 'chroma'), version: '1.2.3', usable: true })
    const active = createEngines({ dataFolder: path.join(folder, 'active'), environment: { VIRTUAL_ENV: path.dirname(bin) } })
    expect((await active.candidates())[1]).toMatchObject({ kind: 'python', version: '1.2.3', usable: true })
  })

  test('that lie beside a store are shown with their version but never run', async () => {
    const home = path.join(folder, 'project')
    const bin = path.join(home, '.venv/bin')
    const ran = path.join(folder, 'it-ran')
    await mkdir(path.join(home, '.venv/lib/python3.12/site-packages/chromadb-1.0.20.dist-info'), { recursive: true })
    await mkdir(bin, { recursive: true })
    await mkdir(path.join(home, 'data/chroma'), { recursive: true })
    await writeFile(path.join(bin, 'chroma'), `#!/bin/sh\ntouch ${ran}\necho chroma 1.2.3\n`)
    await chmod(path.join(bin, 'chroma'), 0o755)
    const manager = createEngines({ dataFolder: path.join(folder, 'near'), environment: {} })
    const found = await manager.candidates([path.join(home, 'data/chroma')])
    expect(found.find((candidate) => candidate.kind === 'python')).toMatchObject({
      usable: false,
      version: '1.0.20',
      note: expect.stringContaining('engine command'),
    })
    expect(existsSync(ran)).toBe(false)
    expect(await manager.setCommand(path.join(bin, 'chroma'))).toMatchObject([
      { kind: 'configured', version: '1.2.3', usable: true },
      {},
      {},
    ])
    expect(existsSync(ran)).toBe(true)
  })

  test('of Chroma before 1.0 are refused, and a command may have arguments', async () => {
    const script = path.join(folder, 'old chroma.sh')
    await writeFile(script, 'echo chroma 0.$1.2\n')
    let saved: string | null = 'nothing'
    const manager = createEngines({
      dataFolder: path.join(folder, 'old'),
      environment: {},
      saveCommand: async (command) => void (saved = command),
    })
    const [first] = await manager.setCommand(`/bin/sh "${script}" 6`)
    expect(first).toMatchObject({ usable: false, version: '0.6.2', note: expect.stringContaining('1.0') })
    expect(saved).toBe(`/bin/sh "${script}" 6`)
    expect((await manager.setCommand(null)).map((candidate) => candidate.kind)).not.toContain('configured')
  })
})
