import { Tags } from 'lucide-react'
import { useState } from 'react'
import type { MetadataKey } from '../../../shared/contract/collections.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ShowMore } from '../../ui/show-more.tsx'
import { Table, TableCell, TableRow } from '../../ui/table.tsx'
import { SearchInput } from '../../ui/search-input.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

/** Distinct values are counted up to this many. */
const distinctLimit = 1000
/** With more keys than this, one of them is looked for rather than seen. */
const shownAtFirst = 100

const columns = [
  { name: 'Key', className: 'w-full' },
  { name: 'Type' },
  { name: 'Records', align: 'end' },
  { name: 'Share', align: 'end' },
  { name: 'Distinct values', align: 'end' },
  { name: 'Longest text', align: 'end' },
] as const

interface MetadataKeysTableProps {
  readonly keys: readonly MetadataKey[]
  readonly records: number | null
}

/** Keys that the records of a collection have, with their types and how often they occur. `records` is the number of records. */
export function MetadataKeysTable({ keys, records }: MetadataKeysTableProps) {
  const [search, setSearch] = useState('')
  if (keys.length === 0) {
    return (
      <EmptyState icon={<Tags />} title="No record has metadata" className="rounded-md border border-line">
        Records can still be found by their document and their id.
      </EmptyState>
    )
  }
  const wanted = search.trim().toLowerCase()
  const matching = wanted === '' ? keys : keys.filter(({ key }) => key.toLowerCase().includes(wanted))
  return (
    <div className="flex flex-col gap-2">
      {keys.length > shownAtFirst && <SearchInput value={search} onValueChange={setSearch} label="Find a metadata key" className="w-72" />}
      {matching.length === 0 ? (
        <p className="text-body text-ink-muted">None of the {formatQuantity(keys.length, 'key')} has this in its name.</p>
      ) : (
        <ShowMore items={matching} first={shownAtFirst} label={(total) => `Show more of ${formatQuantity(total, 'key')}`}>
          {(shown) => <KeyRows keys={shown} records={records} />}
        </ShowMore>
      )}
    </div>
  )
}

function KeyRows({ keys, records }: MetadataKeysTableProps) {
  return (
    <Table label="Metadata keys" columns={columns}>
      {keys.map((key) => (
        <TableRow key={key.key} className="hover:bg-hover">
          <TableCell className="numeric max-w-0 truncate">
            <UntrustedText text={key.key} />
          </TableCell>
          <TableCell>
            <span className="flex gap-1">
              {key.types.map((type) => (
                <Badge key={type.type}>
                  {type.type}
                  {key.types.length > 1 && <span className="numeric">{formatCount(type.count)}</span>}
                </Badge>
              ))}
            </span>
          </TableCell>
          <TableCell align="end">{formatCount(key.count)}</TableCell>
          <TableCell align="end">
            {records === null || records === 0 ? (
              '–'
            ) : (
              <span className="inline-flex items-center gap-2">
                <span aria-hidden="true" className="h-1 w-12 overflow-hidden rounded-sm bg-pressed">
                  <span className="block h-full bg-ink-faint" style={{ width: `${Math.min(100, (100 * key.count) / records)}%` }} />
                </span>
                <span className="w-9">{Math.floor((100 * key.count) / records)}%</span>
              </span>
            )}
          </TableCell>
          <TableCell align="end">
            {key.distinct >= distinctLimit ? `${formatCount(distinctLimit)} or more` : formatCount(key.distinct)}
          </TableCell>
          <TableCell align="end">{key.longest === 0 ? '–' : formatCount(key.longest)}</TableCell>
        </TableRow>
      ))}
    </Table>
  )
}
