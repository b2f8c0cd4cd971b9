import { Link } from '@tanstack/react-router'
import { Ellipsis, Layers, TriangleAlert } from 'lucide-react'
import type { CollectionSummary } from '../../../shared/contract/collections.ts'
import { formatBytes, formatCount } from '../../lib/format.ts'
import type { ChangeDialog } from '../../lib/editing/change-dialogs.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Table, TableCell, TableRow, type TableColumn } from '../../ui/table.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { collectionMenu } from './collection-menu.tsx'
import { hasOnlyDefaults } from './default-names.ts'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { visibleString } from '../../lib/visible-text.ts'

const unknown = <span className="text-ink-faint">–</span>

interface CollectionsTableProps {
  readonly connectionId: string
  readonly collections: readonly CollectionSummary[]
  readonly onAsk: (dialog: ChangeDialog) => void
}

/** All collections of a store with what is known about each. */
export function CollectionsTable({ connectionId, collections, onAsk }: CollectionsTableProps) {
  const showPlace = !hasOnlyDefaults(collections)
  const columns: TableColumn[] = [
    { name: 'Name', className: 'w-full' },
    ...(showPlace ? [{ name: 'Tenant' }, { name: 'Database' }] : []),
    { name: 'Records', align: 'end' },
    { name: 'Dimension', align: 'end' },
    { name: 'Space' },
    { name: 'Index size', align: 'end' },
    { name: 'Change', hideName: true },
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
          <TableCell className="px-1 py-0">
            <Menu
              align="end"
              trigger={
                <IconButton
                  size="small"
                  label={`Change the collection ${visibleString(collection.name)}`}
                  icon={<Ellipsis aria-hidden="true" />}
                />
              }
              entries={collectionMenu({ connectionId, collectionId: collection.id }, onAsk)}
            />
          </TableCell>
        </TableRow>
      ))}
    </Table>
  )
}
