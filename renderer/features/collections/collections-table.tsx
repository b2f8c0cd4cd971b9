import { Link } from '@tanstack/react-router'
import { Layers, TriangleAlert } from 'lucide-react'
import type { CollectionSummary } from '../../../shared/contract/collections.ts'
import { formatBytes, formatCount } from '../../lib/format.ts'
import { Table, TableCell, TableRow, type TableColumn } from '../../ui/table.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { hasOnlyDefaults } from './default-names.ts'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { visibleString } from '../../lib/visible-text.ts'

const unknown = <span className="text-ink-faint">–</span>

/** All collections of a store with what is known about each. */
export function CollectionsTable({ connectionId, collections }: { connectionId: string; collections: readonly CollectionSummary[] }) {
  const showPlace = !hasOnlyDefaults(collections)
  const columns: TableColumn[] = [
    { name: 'Name', className: 'w-full' },
    ...(showPlace ? [{ name: 'Tenant' }, { name: 'Database' }] : []),
    { name: 'Records', align: 'end' },
    { name: 'Dimension', align: 'end' },
    { name: 'Space' },
    { name: 'Size', align: 'end' },
  ]
  return (
    <Table label="Collections" columns={columns}>
      {collections.map((collection) => (
        <TableRow key={collection.id} className="hover:bg-hover">
          <TableCell className="max-w-0">
            <div className="flex min-w-0 items-center gap-2">
              <Layers aria-hidden="true" className="size-3.5 shrink-0 text-ink-faint" />
              <Link
                to="/s/$connectionId/c/$collectionId/records"
                params={{ connectionId, collectionId: collection.id }}
                className="min-w-0 truncate rounded-sm hover:text-accent hover:underline"
                title={visibleString(collection.name)}
              >
                <UntrustedText text={collection.name} />
              </Link>
              {collection.problem !== null && (
                <Tooltip content={collection.problem}>
                  <span tabIndex={0} role="img" aria-label={`Problem: ${collection.problem}`} className="shrink-0 rounded-sm text-ink">
                    <TriangleAlert aria-hidden="true" className="size-3.5" />
                  </span>
                </Tooltip>
              )}
            </div>
          </TableCell>
          {showPlace && (
            <>
              <TableCell className="whitespace-nowrap text-ink-muted">{collection.tenant}</TableCell>
              <TableCell className="whitespace-nowrap text-ink-muted">{collection.database}</TableCell>
            </>
          )}
          <TableCell align="end">{collection.count === null ? unknown : formatCount(collection.count)}</TableCell>
          <TableCell align="end">{collection.dimension === null ? unknown : formatCount(collection.dimension)}</TableCell>
          <TableCell className="text-ink-muted">{collection.space}</TableCell>
          <TableCell align="end">{collection.bytes === null ? unknown : formatBytes(collection.bytes)}</TableCell>
        </TableRow>
      ))}
    </Table>
  )
}
