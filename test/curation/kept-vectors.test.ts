import { appendFile, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KeptVectors } from '../../electron/curation/plans/kept-vectors.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { removeTemporary } from '../support/remove-temporary.ts'

let folder: string
beforeAll(async () => {
  folder = await temporaryFolder('vectors')
})
afterAll(() => removeTemporary(folder))

const place = (): string => path.join(folder, 'embedded')

test('vectors are found again after an interruption that tore the last one, bit for bit', async () => {
  const first = await KeptVectors.open(place(), 'some work', 3)
  const data = Float32Array.of(0.1, -0, 3, 4, 5, 1e-40)
  await first.add(['one', 'two'], data)
  await first.close()
  const [name] = await readdir(place())
  const file = path.join(place(), name ?? '')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  await appendFile(file, 'torn')

  const again = await KeptVectors.open(place(), 'some work', 3)
  expect([await again.get('one'), await again.get('two'), await again.get('three')]).toEqual([data.slice(0, 3), data.slice(3), null])
  await again.add(['three'], Float32Array.of(7, 8, 9))
  await again.close()
  const last = await KeptVectors.open(place(), 'some work', 3)
  expect(await last.get('three')).toEqual(Float32Array.of(7, 8, 9))
  await last.remove()
  expect(await readdir(place())).toEqual([])
})

test('other work, and other dimensions, have vectors of their own', async () => {
  const one = await KeptVectors.open(place(), 'some work', 2)
  await one.add(['text'], Float32Array.of(1, 2))
  const others = await Promise.all([KeptVectors.open(place(), 'other work', 2), KeptVectors.open(place(), 'some work', 3)])
  expect(await Promise.all(others.map((other) => other.get('text')))).toEqual([null, null])
  await Promise.all([one, ...others].map((kept) => kept.remove()))
})
