import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { EmbedderInfo } from '../../../shared/contract/embedders.ts'
import type { Space } from '../../../shared/domain/space.ts'
import { useClient } from '../../lib/client-context.tsx'
import { collectionsOf } from '../../lib/collections-of.ts'
import { useChangeDialogs } from '../../lib/editing/change-dialogs.ts'
import { readRows, type MetadataRow } from '../../lib/editing/metadata-draft.ts'
import { MetadataEditor } from '../../lib/editing/metadata-editor.tsx'
import { useChange } from '../../lib/editing/use-change.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { ChangeFormDialog } from './change-form-dialog.tsx'
import { newNameProblem } from './collection-name.ts'
import { EmbedderField, useEmbedders } from './embedder-field.tsx'
import { emptyHnsw, HnswFields, readHnsw } from './hnsw-fields.tsx'

const spaceWords: Readonly<Record<Space, string>> = {
  cosine: 'The direction of vectors counts, not their length: usual for texts.',
  l2: 'The squared Euclidean distance, Chroma’s own default.',
  ip: 'One minus the inner product: for vectors whose length means something.',
}

function CreateCollection({ connectionId, onClose }: { connectionId: string; onClose: () => void }) {
  const client = useClient()
  const { data: catalog } = useQuery(client.query('collections.catalog', { connectionId }))
  const places = catalog?.tenants.flatMap((tenant) => tenant.databases.map(({ name }) => ({ tenant: tenant.name, database: name }))) ?? []
  const [place, setPlace] = useState(0)
  const [name, setName] = useState('')
  const [space, setSpace] = useState<Space>('cosine')
  const [hnsw, setHnsw] = useState(emptyHnsw)
  const [embedder, setEmbedder] = useState<EmbedderInfo | null>(null)
  const embedders = useEmbedders(null)
  const [rows, setRows] = useState<MetadataRow[]>([])
  const change = useChange('curation.createCollection')
  const { tenant, database } = places[place] ?? { tenant: 'default_tenant', database: 'default_database' }
  const others = catalog ? collectionsOf(catalog).filter((each) => each.tenant === tenant && each.database === database) : []
  const problem = name === '' ? null : newNameProblem(name, others)
  const { metadata, problems } = readRows(rows, null)
  const parameters = readHnsw(hnsw)
  const canApply = name !== '' && problem === null && problems.length === 0 && parameters !== null

  return (
    <ChangeFormDialog
      title="Create a collection"
      verb="Create collection"
      canApply={canApply}
      onClose={onClose}
      change={change}
      onApply={() =>
        parameters &&
        change.run({
          connectionId,
          input: { connectionId, tenant, database, name, hnsw: { space, ...parameters }, metadata, embedderId: embedder?.id ?? null },
          message: `Collection “${name}” created.`,
          onDone: onClose,
        })
      }
    >
      <Field label="Name" error={problem} description="Letters without accents, digits, dots, hyphens and underscores; 3 to 512 of them">
        <TextInput value={name} onValueChange={setName} className="numeric" />
      </Field>
      {places.length > 1 && (
        <Field label="Database">
          <Select
            label="Database"
            value={String(place)}
            onValueChange={(next) => setPlace(Number(next))}
            options={places.map((each, at) => ({ value: String(at), label: `${each.tenant} / ${each.database}` }))}
          />
        </Field>
      )}
      <div className="flex flex-col gap-1">
        <span aria-hidden="true" className="text-small text-ink-muted">
          Space
        </span>
        <Segmented
          label="Space"
          value={space}
          onValueChange={setSpace}
          options={(['cosine', 'l2', 'ip'] as const).map((value) => ({ value, label: value }))}
          className="self-start"
        />
        <p className="text-small text-ink-muted">{spaceWords[space]} It cannot be changed later.</p>
      </div>
      <div className="flex flex-col gap-1">
        <span aria-hidden="true" className="text-small text-ink-muted">
          Embedder
        </span>
        <EmbedderField
          label="Embedder"
          embedders={embedders}
          value={embedder}
          onValueChange={setEmbedder}
          none="Chosen later"
          dimension={null}
        />
      </div>
      <Disclosure title="HNSW settings" note="Chroma’s defaults where empty">
        <HnswFields value={hnsw} onValueChange={setHnsw} />
      </Disclosure>
      <Disclosure title="Metadata of the collection">
        <MetadataEditor rows={rows} onRows={setRows} problems={problems} knownKeys={[]} />
      </Disclosure>
    </ChangeFormDialog>
  )
}

/** Asks for what a new collection is called and how its index compares vectors. */
export function CreateCollectionDialog() {
  const { dialog, close } = useChangeDialogs()
  return dialog?.kind === 'create-collection' ? <CreateCollection connectionId={dialog.connectionId} onClose={close} /> : null
}
