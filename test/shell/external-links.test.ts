import { expect, test } from 'vitest'
import { createExternalLinks, externalAddress } from '../../electron/shell/external-links.ts'

test.each([
  ['https://example.org', 'https://example.org/'],
  ['https://example.org/a/b?c=d#e', 'https://example.org/a/b?c=d#e'],
  ['http://example.org:8080/', 'http://example.org:8080/'],
  ['HTTPS://EXAMPLE.ORG/Path', 'https://example.org/Path'],
  ['https://docs.trychroma.com/docs/overview', 'https://docs.trychroma.com/docs/overview'],
  ['https://example.org/%E2%80%AE', 'https://example.org/%E2%80%AE'],
  ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ['http://[::1]:3000/', 'http://[::1]:3000/'],
  ['https://example.org/?to=file:///etc/passwd', 'https://example.org/?to=file:///etc/passwd'],
  ['mailto:someone@example.org', 'mailto:someone@example.org'],
])('%j may be opened, as %j', (text, address) => {
  expect(externalAddress(text)).toBe(address)
})

test.each([
  'file:///etc/passwd',
  'FILE:///C:/Windows/System32/calc.exe',
  'file://host/share/run.exe',
  'file:\\\\host\\share',
  '\\\\host\\share\\run.exe',
  '//host/share',
  'smb://host/share',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'blob:https://example.org/1',
  'about:blank',
  'app://mnemoscope/index.html',
  'chrome://settings',
  'devtools://devtools/',
  'view-source:https://example.org',
  'ms-msdt:/id PCWDiagnostic',
  'ms-officecmd:{}',
  'ms-settings:',
  'search-ms:query=x&crumb=location:\\\\host\\share',
  'shell:startup',
  'ssh://host',
  'telnet://host',
  'ftp://host/file',
  'tel:123',
  'steam://run/1',
  'vscode://file/etc/passwd',
  'x-apple.systempreferences:',
  'intent://scan/#Intent;end',
  'jar:https://example.org!/a',
  'ws://127.0.0.1/',
  'https://user:password@example.org/',
  'https://example.org@attacker.example/',
  'https://:password@example.org/',
  'https://',
  'https:///example.org',
  'https:example.org',
  'https:/example.org',
  'https:\\\\example.org',
  'https://example.org\\@attacker.example/',
  ' https://example.org',
  'https://example.org/ ',
  'https://example.org/\u0000',
  'https://example.org/\u202Egpj.exe',
  'https://exa\u200Bmple.org/',
  'https://example.org/\r\nX: y',
  'http://[::1',
  'http://999.999.999.999/',
  'mailto:',
  'mailto:a@example.org?attach=/etc/passwd',
  'mailto:a@example.org?cc=b@example.org&body=x',
  'mailto://a@example.org',
  '',
  'example.org',
  '/etc/passwd',
  'C:\\Windows',
  `https://example.org/${'a'.repeat(3000)}`,
])('%j is never opened', (text) => {
  expect(externalAddress(text)).toBeNull()
})

test('An address is opened only after the person agreed to exactly that address', async () => {
  const asked: string[] = []
  const opened: string[] = []
  const agreeing = createExternalLinks({
    confirm: async (address) => asked.push(address) > 0,
    open: async (address) => void opened.push(address),
  })
  expect(await agreeing('HTTPS://Example.org')).toBe(true)
  expect(await agreeing('file:///etc/passwd')).toBe(false)
  expect([asked, opened]).toEqual([['https://example.org/'], ['https://example.org/']])
  const refusing = createExternalLinks({ confirm: async () => false, open: async (address) => void opened.push(address) })
  expect(await refusing('https://example.org')).toBe(false)
  expect(opened).toHaveLength(1)
})

test('While a question is open, further addresses are dropped, so that a page cannot stack them', async () => {
  let answer: (agreed: boolean) => void = () => undefined
  let asked = 0
  const open = createExternalLinks({
    confirm: () => {
      asked += 1
      return new Promise<boolean>((resolve) => (answer = resolve))
    },
    open: async () => undefined,
  })
  const first = open('https://example.org/1')
  expect(await open('https://example.org/2')).toBe(false)
  answer(true)
  expect(await first).toBe(true)
  expect(asked).toBe(1)
})
