import { expect, test } from 'vitest'
import { splitTurns } from '../../../shared/domain/turns.ts'

const brief = (document: string) => splitTurns(document)?.map(({ speaker, text }) => `${speaker}: ${text}`) ?? null

test.each([
  ['User: How do I cancel?\nAssistant: Under Settings.', ['user: How do I cancel?', 'assistant: Under Settings.']],
  ['Human: hi\n\nAI: hello\nHuman: bye', ['user: hi', 'assistant: hello', 'user: bye']],
  ['用户: 你好\n角色: \n(微笑) 你好。', ['user: 你好', 'assistant: (微笑) 你好。']],
  ['用户：怎么取消？\n助手：在设置中。', ['user: 怎么取消？', 'assistant: 在设置中。']],
  ['**User:** what now\n**Assistant:** this', ['user: what now', 'assistant: this']],
  ['[user]: a\n[assistant]: b', ['user: a', 'assistant: b']],
  ['System: be brief\nUser: a\nAssistant: b', ['system: be brief', 'user: a', 'assistant: b']],
  ['Question: why?\nAnswer: because', ['user: why?', 'assistant: because']],
  ['User: only I speak', ['user: only I speak']],
])('%j has these turns', (document, turns) => {
  expect(brief(document)).toEqual(turns)
})

test('a turn keeps its line breaks and code, and colons inside it do not end it', () => {
  expect(brief('User: write it\nAssistant: Sure:\n\n```\nkey: value\n```\nNote: done')).toEqual([
    'user: write it',
    'assistant: Sure:\n\n```\nkey: value\n```\nNote: done',
  ])
})

test.each([
  'Plain text',
  'The user: a definition',
  'Question: what is a user?',
  'Note: see\nUser: below',
  'Answer: 42',
  'http://user:pass@host/',
  '',
])('%j is no conversation', (document) => {
  expect(splitTurns(document)).toBeNull()
})

test('a long text without turns is looked through in no time', () => {
  const started = performance.now()
  expect(splitTurns(' *[('.repeat(50_000))).toBeNull()
  expect(performance.now() - started).toBeLessThan(2000)
})
