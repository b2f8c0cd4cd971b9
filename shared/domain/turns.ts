export type Speaker = 'user' | 'assistant' | 'system' | 'tool' | 'other'

export interface Turn {
  readonly speaker: Speaker
  /** The name as written before the colon. */
  readonly label: string
  readonly text: string
}

const names: Readonly<Record<Exclude<Speaker, 'other'>, readonly string[]>> = {
  user: [
    'user',
    'human',
    'customer',
    'client',
    'question',
    'q',
    'prompt',
    'query',
    'input',
    'me',
    '用户',
    '用戶',
    '问',
    '客户',
    '玩家',
    'ユーザー',
    '사용자',
    'usuario',
    'utilisateur',
    'benutzer',
    'uživatel',
  ],
  assistant: [
    'assistant',
    'ai',
    'bot',
    'agent',
    'answer',
    'a',
    'response',
    'output',
    'model',
    'chatbot',
    'gpt',
    'claude',
    '助手',
    '助理',
    '答',
    '角色',
    '机器人',
    '客服',
    'アシスタント',
    '어시스턴트',
    'asistente',
    'asistent',
  ],
  system: ['system', '系统', '系統', 'システム'],
  tool: ['tool', 'function', '工具'],
}

const speakerByName = new Map<string, Speaker>(
  Object.entries(names).flatMap(([speaker, list]) => list.map((name) => [name, speaker as Speaker] as const)),
)

/** Who speaks under a name such as "User", "assistant" or 用户; `other` for any name that is not known. */
export function speakerOf(label: string): Speaker {
  return speakerByName.get(label.trim().toLowerCase()) ?? 'other'
}

/** A name at the start of a line, perhaps in brackets or bold, followed by a Western or a full-width colon. */
const heading = /^[ \t]*(?:[*_[(【<#]{1,3}[ \t]*)?([\p{L}][\p{L}\d]{0,11})(?:[ \t]*[\])】>])?[*_]{0,2}[ \t]*[:：][*_]{0,2}[ \t]?/gmu

/**
 * Splits a document such as "User: ...\nAssistant: ..." into turns; also Human / AI, 用户 / 助手 and a few other languages.
 * Null where the document does not begin with a known speaker, or only one side speaks in a manner that may be chance ("Question: ...").
 */
export function splitTurns(document: string): Turn[] | null {
  const found: { speaker: Speaker; label: string; from: number; textFrom: number }[] = []
  for (const match of document.matchAll(heading)) {
    const label = match[1] ?? ''
    const speaker = speakerByName.get(label.toLowerCase())
    if (speaker !== undefined) found.push({ speaker, label, from: match.index, textFrom: match.index + match[0].length })
  }
  const first = found[0]
  if (first === undefined || document.slice(0, first.from).trim() !== '') return null
  const speakers = new Set(found.map(({ speaker }) => speaker))
  if (
    !(speakers.has('user') || speakers.has('assistant')) ||
    (speakers.size === 1 && !/^(?:user|human|assistant|用户|助手)$/i.test(first.label))
  )
    return null
  return found.map(({ speaker, label, textFrom }, index) => ({
    speaker,
    label,
    text: document.slice(textFrom, found[index + 1]?.from ?? document.length).trim(),
  }))
}
