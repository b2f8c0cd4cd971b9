import { Command } from 'cmdk'
import { ArrowRight, Layers } from 'lucide-react'
import { useState } from 'react'
import { groupCommands, useAllCommands } from '../../lib/commands.ts'
import { formatCount } from '../../lib/format.ts'
import { useOverlay } from '../../lib/overlay.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { connectionIcon } from '../../lib/connection-icon.tsx'
import { matchScore } from './match-score.ts'
import { usePaletteEntries } from './use-palette-entries.ts'

const groupClass =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-small [&_[cmdk-group-heading]]:text-ink-faint'
const itemClass =
  'mx-1 flex h-8 items-center gap-2.5 rounded-md px-2 text-body data-[selected=true]:bg-hover [&_svg]:size-3.5 [&_svg]:shrink-0 [&_svg]:text-ink-faint'

function Entries({ search, onDone }: { search: string; onDone: () => void }) {
  const { collections, connections, openCollection, openConnection } = usePaletteEntries(search)
  const commands = useAllCommands().filter((command) => command.keyboardOnly !== true)
  const groups = groupCommands(commands)
  function pick(run: () => void): () => void {
    return () => {
      onDone()
      run()
    }
  }
  return (
    <Command.List label="Results" className="max-h-96 min-h-0 overflow-y-auto pb-1.5">
      <Command.Empty className="px-3 py-8 text-center text-ink-muted">Nothing has this name</Command.Empty>
      {collections.length > 0 && (
        <Command.Group heading="Collections" className={groupClass}>
          {collections.map(({ connection, collection }) => (
            <Command.Item
              key={`${connection.id}/${collection.id}`}
              value={`collection ${connection.id} ${collection.id}`}
              keywords={[collection.name, connection.title]}
              onSelect={pick(() => openCollection(connection.id, collection.id))}
              className={itemClass}
            >
              <Layers aria-hidden="true" />
              <span className="min-w-0 truncate">{collection.name}</span>
              <span className="min-w-0 flex-1 truncate text-small text-ink-faint">{connection.title}</span>
              {collection.count !== null && <span className="numeric text-ink-faint">{formatCount(collection.count)}</span>}
            </Command.Item>
          ))}
        </Command.Group>
      )}
      {[...groups].map(([group, entries]) => (
        <Command.Group key={group} heading={group} className={groupClass}>
          {entries.map((command) => (
            <Command.Item
              key={command.id}
              value={`command ${command.id}`}
              keywords={[command.title, command.group, command.keywords ?? '']}
              onSelect={pick(command.run)}
              className={itemClass}
            >
              <ArrowRight aria-hidden="true" />
              <span className="min-w-0 flex-1 truncate">{command.title}</span>
              {command.shortcut && <Kbd keys={command.shortcut} />}
            </Command.Item>
          ))}
        </Command.Group>
      ))}
      {connections.length > 0 && (
        <Command.Group heading="Connections" className={groupClass}>
          {connections.map((connection) => (
            <Command.Item
              key={connection.id}
              value={`connection ${connection.id}`}
              keywords={[connection.title, connection.location]}
              onSelect={pick(() => openConnection(connection.id))}
              className={itemClass}
            >
              {connectionIcon(connection)}
              <span className="min-w-0 shrink-0 truncate">{connection.title}</span>
              <span className="min-w-0 flex-1 truncate text-small text-ink-faint">{connection.location}</span>
            </Command.Item>
          ))}
        </Command.Group>
      )}
    </Command.List>
  )
}

function score(_value: string, search: string, names: string[] = []): number {
  return matchScore(names.join(' '), search)
}

/** Everything that can be gone to or done, found by typing. */
export function CommandPalette() {
  const { overlay, close } = useOverlay()
  const [search, setSearch] = useState('')
  return (
    <Dialog
      open={overlay === 'palette'}
      onOpenChange={(open) => {
        if (!open) close()
        setSearch('')
      }}
      title="Command palette"
      bare
    >
      <Command label="Command palette" filter={score} loop className="flex min-h-0 flex-col">
        <Command.Input
          value={search}
          onValueChange={setSearch}
          placeholder="Go to a collection or run a command"
          className="h-11 shrink-0 border-b border-line bg-transparent px-4 text-body outline-none focus-visible:outline-none"
        />
        <Entries
          search={search}
          onDone={() => {
            close()
            setSearch('')
          }}
        />
      </Command>
    </Dialog>
  )
}
