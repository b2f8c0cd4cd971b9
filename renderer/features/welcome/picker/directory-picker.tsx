import { useMutation } from '@tanstack/react-query'
import { ArrowUp, ChevronRight, FolderSearch } from 'lucide-react'
import { Fragment, useEffect, useState } from 'react'
import type { Connection, Place } from '../../../../shared/contract/connections.ts'
import { useClient } from '../../../lib/client-context.tsx'
import { describeError } from '../../../lib/describe-error.ts'
import { QueryError } from '../../../lib/query-error.tsx'
import { Button } from '../../../ui/button.tsx'
import { Callout } from '../../../ui/callout.tsx'
import { Dialog, DialogBody } from '../../../ui/dialog.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { SkeletonLines } from '../../../ui/skeleton.tsx'
import { PlaceList } from './place-list.tsx'
import { usePlaces } from './use-places.ts'

export interface DirectoryPickerProps {
  open: boolean
  onClose: () => void
  onOpened: (connection: Connection) => void
}

function isStore(kind: Place['kind'] | null | undefined): boolean {
  return kind === 'chroma' || kind === 'legacy-chroma'
}

/** The app's own dialog for choosing a persist directory. */
export function DirectoryPicker({ open, onClose, onOpened }: DirectoryPickerProps) {
  const client = useClient()
  const places = usePlaces(open)
  const [selected, setSelected] = useState(0)
  const openPlace = useMutation({ ...client.mutation('connections.openPlace'), meta: { showsError: true } })
  const { reset } = openPlace
  const hereHandle = places.here?.handle
  useEffect(() => {
    setSelected(0)
    reset()
  }, [hereHandle, reset])

  const highlighted = places.children?.[selected]
  // What "Open" means: the highlighted store, else the folder that is shown.
  const target = highlighted && isStore(highlighted.kind) ? highlighted : places.here

  function openStore(place: Place): void {
    openPlace.mutate({ handle: place.handle }, { onSuccess: onOpened })
  }

  function enter(place: Place): void {
    if (place.kind === 'unreadable' || openPlace.isPending) return
    if (isStore(place.kind)) openStore(place)
    else places.enter(place)
  }

  function up(): void {
    if (places.canGoUp) places.backTo(places.trail.length - 2)
  }

  const failure = openPlace.isError ? describeError(openPlace.error) : null
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Open a persist directory"
      description="The folder that a Chroma client was given as its path; it holds chroma.sqlite3. It is read and never written."
      footer={
        <>
          <span className="mr-auto min-w-0 truncate text-small text-ink-faint" title={target?.path}>
            {target?.path}
          </span>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={!target} busy={openPlace.isPending} onClick={() => target && openStore(target)}>
            {target && target !== places.here ? `Open ${target.name}` : 'Open this folder'}
          </Button>
        </>
      }
    >
      <DialogBody className="flex flex-col gap-2">
        <div className="flex items-center gap-1">
          <IconButton label="Up one folder" shortcut="backspace" icon={<ArrowUp />} disabled={!places.canGoUp} onClick={up} />
          <nav aria-label="Folders above" className="flex min-w-0 flex-1 items-center overflow-x-auto">
            {places.roots.length > 1 && (
              <Button size="small" variant="ghost" onClick={() => places.backTo(-1)}>
                Places
              </Button>
            )}
            {places.trail.map((place, at) => (
              <Fragment key={place.handle}>
                {(at > 0 || places.roots.length > 1) && <ChevronRight aria-hidden="true" className="size-3 shrink-0 text-ink-faint" />}
                <Button
                  size="small"
                  variant="ghost"
                  aria-current={at === places.trail.length - 1 ? 'location' : undefined}
                  className={at === places.trail.length - 1 ? 'text-ink' : undefined}
                  onClick={() => places.backTo(at)}
                >
                  {at === 0 ? place.path : place.name}
                </Button>
              </Fragment>
            ))}
          </nav>
        </div>
        {places.error !== null ? (
          <QueryError
            error={places.error}
            onRetry={places.retry}
            retrying={places.isFetching}
            className="h-72 rounded-md border border-line"
          />
        ) : places.children === undefined ? (
          <div className="h-72 rounded-md border border-line p-3" aria-busy="true">
            <SkeletonLines count={6} />
          </div>
        ) : places.children.length === 0 ? (
          <EmptyState
            icon={<FolderSearch />}
            title={isStore(places.kindHere) ? 'This folder is a Chroma store' : 'No folders in here'}
            className="h-72 flex-none rounded-md border border-line"
          >
            {isStore(places.kindHere)
              ? 'Open it, or go up to another one.'
              : 'It holds no chroma.sqlite3 either. Go up, and choose the folder that a Chroma client was given as its path.'}
          </EmptyState>
        ) : (
          <PlaceList
            places={places.children}
            selected={selected}
            onSelect={setSelected}
            onEnter={enter}
            onUp={up}
            showPaths={places.here === null}
          />
        )}
        {places.note !== null && <p className="text-small text-ink-faint">{places.note}</p>}
        {failure && (
          <Callout severity="error" title={failure.message}>
            {failure.remedy}
          </Callout>
        )}
      </DialogBody>
    </Dialog>
  )
}
