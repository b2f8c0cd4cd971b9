/** Values that a template's `{name}` places take for one question. */
export type Case = Readonly<Record<string, string>>

/** Something that customers ask, in several wordings, perhaps about several things. */
export interface Intent {
  readonly topic: string
  /** Templates that mean the same. */
  readonly questions: readonly string[]
  readonly answer: string
  /** What an older version of the product would have answered, where it was different. */
  readonly outdated?: string
  readonly cases?: readonly Case[]
}

/** Every combination of the values of two lists of cases. */
export function cross(left: readonly Case[], right: readonly Case[]): Case[] {
  return left.flatMap((a) => right.map((b) => ({ ...a, ...b })))
}

/** One case per value, under one name. */
export function values(name: string, ...list: string[]): Case[] {
  return list.map((value) => ({ [name]: value }))
}

export function fill(template: string, slots: Case): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => slots[name] ?? '')
}
