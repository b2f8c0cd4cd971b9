import type { TestEngine } from './engines.ts'

/** Whether random and repeated tests run at a smaller size, as in `.ci/run`; `npm test` by hand runs them whole. */
export const isQuick = process.env['MNEMOSCOPE_QUICK'] === '1'

/** All engines, or where time is short the one of this name, for what was shown with every engine at full size. */
export function mostlyOne(engines: readonly TestEngine[], name: TestEngine['name']): readonly TestEngine[] {
  const chosen = engines.filter((engine) => engine.name === name)
  return isQuick && chosen.length > 0 ? chosen : engines
}

/** All cases, or where time is short every other one. */
export function everyOther<Case>(cases: readonly Case[]): readonly Case[] {
  return cases.filter((_, place) => !isQuick || place % 2 === 0)
}
