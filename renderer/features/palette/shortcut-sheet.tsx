import { useRef } from 'react'
import { groupCommands, useAllCommands } from '../../lib/commands.ts'
import { useOverlay } from '../../lib/overlay.ts'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Kbd } from '../../ui/kbd.tsx'

const everywhere = [
  { keys: 'down', title: 'Next line of a list' },
  { keys: 'up', title: 'Previous line of a list' },
  { keys: 'enter', title: 'Open' },
  { keys: 'escape', title: 'Close what is on top' },
]

function Group({ title, entries }: { title: string; entries: readonly { title: string; keys: string }[] }) {
  return (
    <section className="mb-5 break-inside-avoid">
      <h3 className="mb-1.5 text-small text-ink-faint">{title}</h3>
      <ul className="flex flex-col gap-1">
        {entries.map((entry) => (
          <li key={entry.title} className="flex items-center justify-between gap-4">
            <span className="min-w-0 truncate">{entry.title}</span>
            <Kbd keys={entry.keys} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** All keys that do something on the page that is shown. */
export function ShortcutSheet() {
  const { overlay, close } = useOverlay()
  const body = useRef<HTMLDivElement>(null)
  const groups = groupCommands(useAllCommands().filter((command) => command.shortcut !== undefined))
  return (
    <Dialog
      open={overlay === 'shortcuts'}
      onOpenChange={(open) => !open && close()}
      title="Keyboard shortcuts"
      size="large"
      initialFocus={body}
    >
      <DialogBody bodyRef={body} className="columns-2 gap-10 pt-1">
        {[...groups].map(([title, entries]) => (
          <Group
            key={title}
            title={title}
            entries={entries.map(({ title: name, shortcut = '' }) => ({ title: name.replace(/…$/, ''), keys: shortcut }))}
          />
        ))}
        <Group title="In lists" entries={everywhere} />
      </DialogBody>
    </Dialog>
  )
}
