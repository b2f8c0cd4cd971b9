import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { storedOrder } from '../../../shared/contract/records.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'
import { RecordDiff } from '../../lib/editing/record-diff.tsx'
import { useChange } from '../../lib/editing/use-change.ts'
import { formatBytes, formatQuantity } from '../../lib/format.ts'
import { useAddress } from '../../lib/use-address.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { ChangeFormDialog } from './change-form-dialog.tsx'
import { useCollection } from './use-collection.ts'

const sampled = 3

/** Shows how much goes with a collection, and deletes it. */
export function DeleteCollectionDialog({ target, onClose }: { target: CollectionRef; onClose: () => void }) {
  const client = useClient()
  const navigate = useNavigate()
  const shown = useAddress()
  const { collection } = useCollection(target)
  const view = { ...target, filter: noFilter, sort: storedOrder }
  const { data: page } = useQuery({ ...client.query('records.page', { view, offset: 0, limit: sampled }), enabled: collection !== null })
  const change = useChange('curation.deleteCollection')
  if (collection === null) return null
  const name = visibleString(collection.name)
  const records = collection.count === null ? 'all its records' : formatQuantity(collection.count, 'record')
  return (
    <ChangeFormDialog
      title={`Delete “${name}”`}
      description={`The collection goes with ${records}${collection.bytes === null ? '' : `, ${formatBytes(collection.bytes)}`}. It can be undone, now or later in History; the collection then has another internal id.`}
      verb={collection.count === null ? 'Delete collection' : `Delete collection with ${records}`}
      isDestructive
      canApply
      onClose={onClose}
      change={change}
      onApply={() =>
        change.run({
          connectionId: target.connectionId,
          input: target,
          message: `Collection “${name}” deleted.`,
          onDone: () => {
            onClose()
            if (shown.collectionId === target.collectionId)
              void navigate({ to: '/s/$connectionId', params: { connectionId: target.connectionId } })
          },
        })
      }
    >
      {page && page.records.length > 0 && (
        <ul aria-label="Sample" className="flex flex-col rounded-md border border-line px-3">
          {page.records.map((record) => (
            <li key={record.id} className="border-t border-line py-2 first:border-t-0">
              <h3 className="numeric mb-0.5 truncate">
                <UntrustedText text={record.id} limit={200} />
              </h3>
              <RecordDiff before={record} after={null} />
            </li>
          ))}
        </ul>
      )}
    </ChangeFormDialog>
  )
}
