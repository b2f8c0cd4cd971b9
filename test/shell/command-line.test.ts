import path from 'node:path'
import { expect, test } from 'vitest'
import { targetOfCommandLine } from '../../electron/shell/command-line.ts'

test.each([
  [['electron', '.'], false, null],
  [['electron', '.', '/data/chroma'], false, path.resolve('/data/chroma')],
  [['electron', '.', 'chroma'], false, path.resolve('/home/a', 'chroma')],
  [['electron', '.', '--inspect=0', 'chroma', 'other'], false, path.resolve('/home/a', 'chroma')],
  [['mnemoscope'], true, null],
  [['mnemoscope', '../chroma'], true, path.resolve('/home/chroma')],
  [['mnemoscope', '--no-sandbox', ''], true, null],
  [['mnemoscope', 'http://localhost:8000'], true, 'http://localhost:8000'],
  [['mnemoscope', 'HTTPS://example.org'], true, 'HTTPS://example.org'],
  [['mnemoscope', 'ftp://example.org'], true, path.resolve('/home/a', 'ftp://example.org')],
] as const)('%j, packaged %j, names %j', (words, packaged, target) => {
  expect(targetOfCommandLine(words, packaged, '/home/a')).toBe(target)
})
