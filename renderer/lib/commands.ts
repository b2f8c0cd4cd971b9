import { useEffect, useRef } from 'react'
import { create } from 'zustand'

/** Something the person can do now, offered in the command palette and, with a shortcut, on the keyboard. */
export interface Command {
  /** Stable and unique; a later command with the same id takes the place of an earlier one. */
  id: string
  title: string
  /** Heading in the palette and the cheat sheet, such as "Records". */
  group: string
  /** `mod+k`, `?`, `shift+r`, or two strokes such as `g o`. `mod` is ⌘ on a Mac and Ctrl elsewhere. */
  shortcut?: string
  /** Further words that find it in the palette. */
  keywords?: string
  /** Keeps it out of the palette: only worth a key. */
  keyboardOnly?: boolean
  /** Leaves its keys to text that is being typed and to dialogs, also where they hold `mod`. */
  leavesTyping?: boolean
  run: () => void
}

interface CommandStore {
  sets: readonly { key: symbol; commands: readonly Command[] }[]
  put: (key: symbol, commands: readonly Command[]) => void
  remove: (key: symbol) => void
}

const useCommandStore = create<CommandStore>()((set) => ({
  sets: [],
  put: (key, commands) =>
    set(({ sets }) => {
      const place = sets.findIndex((entry) => entry.key === key)
      return { sets: place === -1 ? [...sets, { key, commands }] : sets.with(place, { key, commands }) }
    }),
  remove: (key) => set(({ sets }) => ({ sets: sets.filter((entry) => entry.key !== key) })),
}))

function merged(sets: CommandStore['sets']): Command[] {
  const byId = new Map<string, Command>()
  for (const { commands } of sets) for (const command of commands) byId.set(command.id, command)
  return [...byId.values()]
}

/** Offers commands while the calling component is on screen. The array may be new on every render. */
export function useCommands(commands: readonly Command[]): void {
  const key = useRef(Symbol('commands'))
  const latest = useRef(commands)
  latest.current = commands
  const put = useCommandStore((store) => store.put)
  const remove = useCommandStore((store) => store.remove)
  const outline = commands
    .map((command) => [command.id, command.title, command.group, command.shortcut, command.keywords, command.keyboardOnly].join('\t'))
    .join('\n')
  useEffect(() => {
    const own = key.current
    put(
      own,
      latest.current.map((command) => ({ ...command, run: () => latest.current.find((item) => item.id === command.id)?.run() })),
    )
  }, [outline, put])
  useEffect(() => {
    const own = key.current
    return () => remove(own)
  }, [remove])
}

/** All commands on offer now, in the order in which they were offered. */
export function useAllCommands(): Command[] {
  return merged(useCommandStore((store) => store.sets))
}

/** All commands on offer now, outside of React. */
export function allCommands(): Command[] {
  return merged(useCommandStore.getState().sets)
}

/** Commands by their group, both in the order in which they come. */
export function groupCommands(commands: readonly Command[]): Map<string, Command[]> {
  const groups = new Map<string, Command[]>()
  for (const command of commands) {
    const group = groups.get(command.group)
    if (group) group.push(command)
    else groups.set(command.group, [command])
  }
  return groups
}
