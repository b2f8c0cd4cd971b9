import { useQuery } from '@tanstack/react-query'
import { ChevronDown, ChevronUp, Copy, Ellipsis, FileX, Link as LinkIcon, Pencil, Telescope, Trash2, X } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { RecordView } from '../../../shared/contract/records.ts'
import type { MetadataScalar } from '../../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useCommands } from '../../lib/commands.ts'
import { idsScope } from '../../lib/editing/named-scopes.ts'
import { useStagedEdits } from '../../lib/editing/staged-edits.ts'
import { useEditing } from '../../lib/editing/use-editing.ts'
import { formatCount } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { documentModes, type DocumentMode } from './document-kind.ts'
import { DocumentText } from './document-text.tsx'
import { RecordEditor } from './edit/record-editor.tsx'
import { MetadataSection } from './metadata-section.tsx'
import { ProfileFields, showsDocument } from './profile-fields.tsx'
import { useNeighbours } from './use-neighbours.ts'
import { VectorSection } from './vector-section.tsx'

interface RecordInspectorProps {
  readonly collection: CollectionRef
  readonly view: RecordView
  readonly id: string
  readonly mapping: ProfileMapping
  readonly onOpen: (id: string | null) => void
  readonly onPick: (key: string, value: MetadataScalar) => void
  /** Shows the record among all others; absent where no filter leaves any out. */
  readonly onClearFilter?: () => void
  /** Ids in the order of the list that the record was opened from, where that is not the order of the view. */
  readonly order?: readonly string[] | undefined
  /** Looks for the records nearest to this one. */
  readonly onFindSimilar: (id: string) => void
  /** Further sections of the view that shows the record. */
  readonly children?: ReactNode
}

const modeNames: Readonly<Record<DocumentMode, string>> = { text: 'Text', markdown: 'Markdown', json: 'JSON', turns: 'Turns' }

function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-t border-line px-4 py-3">
      <header className="mb-1.5 flex h-6 items-center gap-1">
        <h3 className="flex-1 text-small font-strong text-ink-muted">{title}</h3>
        {actions}
      </header>
      {children}
    </section>
  )
}

function DocumentSection({ document }: { document: string | null }) {
  const modes = documentModes(document ?? '')
  const [chosen, setChosen] = useState<DocumentMode | null>(null)
  const mode = chosen !== null && modes.includes(chosen) ? chosen : (modes[0] ?? 'text')
  if (document === null) {
    return (
      <Section title="Document">
        <p className="text-body text-ink-muted">This record has no document.</p>
      </Section>
    )
  }
  return (
    <Section
      title="Document"
      actions={
        <>
          <Segmented
            size="small"
            label="Read the document as"
            value={mode}
            onValueChange={setChosen}
            options={modes.map((value) => ({ value, label: modeNames[value] }))}
          />
          <CopyButton text={document} label="Copy document" />
        </>
      }
    >
      {document === '' ? <p className="text-ink-faint">The document is an empty text.</p> : <DocumentText text={document} mode={mode} />}
    </Section>
  )
}

function RecordBody({
  record,
  collection,
  mapping,
  onPick,
  children,
}: {
  record: StoredRecord
  collection: CollectionRef
  mapping: ProfileMapping
  onPick: RecordInspectorProps['onPick']
  children: ReactNode
}) {
  return (
    <>
      <ProfileFields record={record} mapping={mapping} />
      {!showsDocument(record, mapping) && <DocumentSection document={record.document} />}
      {children}
      <Section title="Metadata">
        <MetadataSection metadata={record.metadata} onPick={onPick} />
      </Section>
      {record.uri !== null && (
        <Section title="URI" actions={<CopyButton text={record.uri} label="Copy URI" />}>
          <p className="numeric wrap-anywhere text-ink">
            <UntrustedText text={record.uri} lines limit={4000} />
          </p>
        </Section>
      )}
      <Section title="Vector">
        <VectorSection collection={collection} id={record.id} />
      </Section>
    </>
  )
}

function copyLink(): void {
  void navigator.clipboard
    .writeText(location.href.replace(/[?&]token=[^&#]*/, ''))
    .then(() => toast({ key: 'copied', message: 'Link to this record copied.' }))
}

/**
 * Leaves a record that was shown and is gone: for its new ID where an edit gave it one. `isThere` is null while it is not known. A record
 * that was never there stays, so that it can be said.
 */
function useLeave(id: string, newId: string | undefined, isThere: boolean | null, onOpen: (id: string | null) => void): void {
  const seen = useRef<{ readonly id: string; readonly newId: string } | null>(null)
  useEffect(() => {
    const known = seen.current?.id === id ? seen.current : null
    if (isThere === true) seen.current = { id, newId: newId ?? known?.newId ?? id }
    if (isThere !== false || known === null) return
    seen.current = null
    onOpen(known.newId === id ? null : known.newId)
  }, [id, newId, isThere, onOpen])
}

/** One record, made to be read. */
export function RecordInspector(props: RecordInspectorProps) {
  const { collection, view, id, mapping, order, onOpen, onPick, onClearFilter, onFindSimilar, children } = props
  const client = useClient()
  const { data, error, refetch, isFetching } = useQuery(client.query('records.get', { ...collection, ids: [id] }))
  const { isLocated, index, total, previous, next } = useNeighbours(view, id, order)
  const record = data?.[0]
  const { edits, round } = useStagedEdits(collection)
  const { whenEditing, ask } = useEditing(collection.connectionId)
  // A record with a staged edit shows it, until the person asks to see what is stored.
  const [chosen, setChosen] = useState<{ readonly id: string; readonly round: number; readonly isEditing: boolean } | null>(null)
  const isEditing = record !== undefined && (chosen?.id === id && chosen.round === round ? chosen.isEditing : edits.has(id))
  useLeave(id, edits.get(id)?.draft.id, data === undefined || isFetching ? null : record !== undefined, onOpen)
  const edit = (): void => whenEditing(collection.connectionId, () => setChosen({ id, round, isEditing: true }))
  const remove = (): void => ask({ kind: 'delete', collection, records: idsScope([id], 'this record') })
  const duplicate = (): void => ask({ kind: 'add', collection, from: id })
  useCommands(
    record === undefined
      ? []
      : [
          { id: 'record.edit', title: 'Edit this record', group: 'Record', shortcut: 'e', run: edit },
          { id: 'record.duplicate', title: 'Duplicate this record…', group: 'Record', run: duplicate },
          { id: 'record.delete', title: 'Delete this record…', group: 'Record', run: remove },
        ],
  )

  return (
    <article aria-label="Record" className="flex min-h-0 flex-1 flex-col">
      <header className="flex h-10 shrink-0 items-center gap-0.5 border-b border-line pr-2 pl-4">
        <h2 className="numeric flex min-w-0 flex-1 items-center gap-1" title={id.slice(0, 500)}>
          <span className="min-w-0 truncate text-ink">
            <UntrustedText text={id} limit={200} />
          </span>
          <CopyButton text={id} label="Copy ID" />
        </h2>
        {index !== null && (
          <span className="mr-1 shrink-0 text-small text-ink-muted">
            {formatCount(index + 1)} of {formatCount(total)}
          </span>
        )}
        <IconButton
          size="small"
          label="Previous record"
          shortcut="k"
          icon={<ChevronUp aria-hidden="true" />}
          disabled={previous === null}
          onClick={() => onOpen(previous)}
        />
        <IconButton
          size="small"
          label="Next record"
          shortcut="j"
          icon={<ChevronDown aria-hidden="true" />}
          disabled={next === null}
          onClick={() => onOpen(next)}
        />
        <IconButton size="small" label="Find similar" icon={<Telescope aria-hidden="true" />} onClick={() => onFindSimilar(id)} />
        <IconButton size="small" label="Copy link" icon={<LinkIcon aria-hidden="true" />} onClick={copyLink} />
        <IconButton
          size="small"
          label={isEditing ? 'Show the record as stored' : 'Edit the record'}
          shortcut={isEditing ? undefined : 'e'}
          pressed={isEditing}
          disabled={record === undefined}
          icon={<Pencil aria-hidden="true" />}
          onClick={() => (isEditing ? setChosen({ id, round, isEditing: false }) : edit())}
        />
        <Menu
          align="end"
          trigger={<IconButton size="small" label="More" disabled={record === undefined} icon={<Ellipsis aria-hidden="true" />} />}
          entries={[
            { label: 'Duplicate…', icon: <Copy aria-hidden="true" />, onSelect: duplicate },
            { label: 'Delete…', icon: <Trash2 aria-hidden="true" />, destructive: true, onSelect: remove },
          ]}
        />
        <IconButton size="small" label="Close the record" shortcut="escape" icon={<X aria-hidden="true" />} onClick={() => onOpen(null)} />
      </header>
      {onClearFilter !== undefined && isLocated && index === null && record !== undefined && (
        <div role="status" className="flex items-center gap-2 border-b border-line bg-sunken px-4 py-1.5 text-small text-ink-muted">
          <span className="flex-1">The current filter leaves this record out.</span>
          <Button size="small" variant="ghost" onClick={onClearFilter}>
            Clear the filter
          </Button>
        </div>
      )}
      {!isEditing && edits.has(id) && record !== undefined && (
        <div role="status" className="flex items-center gap-2 border-b border-accent-line bg-accent-soft px-4 py-1.5 text-small text-ink">
          <span className="flex-1">An edit of this record is staged; this is what is stored.</span>
          <Button size="small" variant="ghost" onClick={() => setChosen({ id, round, isEditing: true })}>
            Show the edit
          </Button>
        </div>
      )}
      <div
        key={id}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
        tabIndex={0}
        role="region"
        aria-label="Contents of the record"
      >
        {error !== null ? (
          <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
        ) : data === undefined ? (
          <div aria-busy="true" className="p-4">
            <SkeletonLines count={8} />
          </div>
        ) : record === undefined ? (
          <EmptyState
            icon={<FileX />}
            title="The collection has no record with this ID"
            action={<Button onClick={() => onOpen(null)}>Close</Button>}
          >
            It was deleted, or the link is of another store.
          </EmptyState>
        ) : isEditing ? (
          <RecordEditor collection={collection} record={record} onDone={() => setChosen(null)} />
        ) : (
          <RecordBody record={record} collection={collection} mapping={mapping} onPick={onPick}>
            {children}
          </RecordBody>
        )}
      </div>
    </article>
  )
}
