// @vitest-environment happy-dom
import { cleanup, fireEvent, render } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { allCommands, useCommands, type Command } from '../../renderer/lib/commands.ts'
import { listenForShortcuts } from '../../renderer/lib/shortcuts.ts'
import { keyNames } from '../../renderer/ui/kbd.tsx'

function Offers({ commands }: { commands: readonly Command[] }) {
  useCommands(commands)
  return <input aria-label="Name" />
}

let stop: () => void
beforeEach(() => {
  stop = listenForShortcuts()
})
afterEach(() => {
  stop()
  cleanup()
})

function command(id: string, shortcut: string, run = vi.fn()): Command & { run: typeof run } {
  return { id, title: id, group: 'Test', shortcut, run }
}

test('a shortcut runs the command that is on offer, with what it last was given', () => {
  const first = command('go', 'g o')
  const second = command('go', 'g o')
  const { rerender } = render(<Offers commands={[first]} />)
  rerender(<Offers commands={[second]} />)
  fireEvent.keyDown(document.body, { key: 'g' })
  fireEvent.keyDown(document.body, { key: 'o' })
  expect(first.run).not.toHaveBeenCalled()
  expect(second.run).toHaveBeenCalledOnce()
})

test('commands go with the view that offers them', () => {
  const go = command('go', 'x')
  const { unmount } = render(<Offers commands={[go]} />)
  expect(allCommands().map((item) => item.id)).toEqual(['go'])
  unmount()
  fireEvent.keyDown(document.body, { key: 'x' })
  expect(go.run).not.toHaveBeenCalled()
  expect(allCommands()).toEqual([])
})

test('single keys belong to an input that has the focus; keys with Ctrl do not', () => {
  const single = command('single', 'x')
  const modified = command('modified', 'mod+k')
  const { getByLabelText } = render(<Offers commands={[single, modified]} />)
  fireEvent.keyDown(getByLabelText('Name'), { key: 'x' })
  fireEvent.keyDown(getByLabelText('Name'), { key: 'k', ctrlKey: true })
  expect(single.run).not.toHaveBeenCalled()
  expect(modified.run).toHaveBeenCalledOnce()
})

test('a symbol is written without the Shift that some keyboards need for it, a letter with', () => {
  const help = command('help', '?')
  const refresh = command('refresh', 'shift+r')
  render(<Offers commands={[help, refresh]} />)
  fireEvent.keyDown(document.body, { key: '?', shiftKey: true })
  fireEvent.keyDown(document.body, { key: 'R', shiftKey: true })
  fireEvent.keyDown(document.body, { key: 'r' })
  expect(help.run).toHaveBeenCalledOnce()
  expect(refresh.run).toHaveBeenCalledOnce()
})

test('keys are shown as they stand on the keyboard', () => {
  expect(keyNames('mod+shift+k')).toEqual(['Ctrl', 'Shift', 'K'])
  expect(keyNames('g o')).toEqual(['G', 'O'])
})
