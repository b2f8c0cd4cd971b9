import { ArrowUp, ChevronRight, FolderSearch } from 'lucide-react'
import { Fragment, useEffect, useState } from 'react'
import type { Place } from '../../../shared/contract/connections.ts'
import { describeError } from '../describe-error.ts'
import { QueryError } from '../query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { PlaceList } from './place-list.tsx'
import { usePlaces } from './use-places.ts'

export interface DirectoryPickerProps {
  open: boolean
  onClose: () => void
  title: string
  description: string
  /** The button's words for the folder that is shown and for one within it. */
  chooseHere: string
  choose: (name: string) => string
  /** Folders that are chosen and not entered, by what they look like. */
  isGoal?: (kind: Place['kind']) => boolean
  /** Says what the folder that is shown is, where nothing is in it. */
  describeEmpty: (kind: Place['kind'] | null) => { title: string; text: string }
  onChoose: (place: Place) => void
  isPending: boolean
  /** Why the last choice was refused; null where it was not. */
  error: Error | null
  /** Another folder is looked at, so that an error is out of date. */
  onMoved: () => void
}

const none = () => false

/** The app's own dialog for choosing a folder of this computer, out of those that the core offers. */
export function DirectoryPicker(props: DirectoryPickerProps) {
  const { open, onClose, title, description, chooseHere, choose, isGoal = none, describeEmpty, onChoose, isPending, error, onMoved } = props
  const places = usePlaces(open)
  const [selected, setSelected] = useState(0)
  const hereHandle = places.here?.handle
  useEffect(() => {
    setSelected(0)
    onMoved()
  }, [hereHandle, onMoved])

  const highlighted = places.children?.[selected]
  // What the button means: the highlighted goal, else the folder that is shown.
  const target = highlighted && isGoal(highlighted.kind) ? highlighted : places.here

  function enter(place: Place): void {
    if (place.kind === 'unreadable' || isPending) return
    if (isGoal(place.kind)) onChoose(place)
    else places.enter(place)
  }

  function up(): void {
    if (places.canGoUp) places.backTo(places.trail.length - 2)
  }

  const failure = error === null ? null : describeError(error)
  const empty = describeEmpty(places.kindHere)
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={title}
      description={description}
      footer={
        <>
          <span className="mr-auto min-w-0 truncate text-small text-ink-faint" title={target?.path}>
            {target?.path}
          </span>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={!target} busy={isPending} onClick={() => target && onChoose(target)}>
            {target && target !== places.here ? choose(target.name) : chooseHere}
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
          <EmptyState icon={<FolderSearch />} title={empty.title} className="h-72 flex-none rounded-md border border-line">
            {empty.text}
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
