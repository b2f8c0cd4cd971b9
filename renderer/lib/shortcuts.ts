import { allCommands } from './commands.ts'

const isApple = /Mac|iPhone|iPad/.test(navigator.platform)

/** The stroke of a key event, written as in Command.shortcut. Shift is only named with letters and named keys: `?` is `?`. */
export function strokeOf(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase().replace(/^arrow/, '')
  const isSymbol = key.length === 1 && !/[a-z0-9]/.test(key)
  const parts = []
  if (isApple ? event.metaKey : event.ctrlKey) parts.push('mod')
  if (isApple && event.ctrlKey) parts.push('ctrl')
  if (event.altKey) parts.push('alt')
  if (event.shiftKey && !isSymbol) parts.push('shift')
  return [...parts, key].join('+')
}

/** True where single keys belong to what has the focus and are no shortcuts. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], .cm-editor') !== null
  )
}

function isInPopup(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role=dialog], [role=menu], [role=listbox]') !== null
}

/** Runs the commands on offer when their keys are pressed. Returns how to stop. */
export function listenForShortcuts(): () => void {
  let firstStroke: { stroke: string; at: number } | null = null

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.repeat || event.isComposing) return
    const stroke = strokeOf(event)
    const isTaken = isTyping(event.target) || isInPopup(event.target)
    if (!stroke.includes('mod+') && isTaken) return
    const sequence = firstStroke !== null && event.timeStamp - firstStroke.at < 1000 ? `${firstStroke.stroke} ${stroke}` : null
    const commands = allCommands()
      .filter(({ leavesTyping }) => !isTaken || leavesTyping !== true)
      .toReversed()
    const command = commands.find((item) => item.shortcut === sequence) ?? commands.find((item) => item.shortcut === stroke)
    firstStroke = null
    if (command) {
      event.preventDefault()
      command.run()
    } else if (commands.some((item) => item.shortcut?.startsWith(`${stroke} `))) {
      firstStroke = { stroke, at: event.timeStamp }
    }
  }

  window.addEventListener('keydown', onKeyDown)
  return () => window.removeEventListener('keydown', onKeyDown)
}
