import { formatMetadataValue, metadataTypeOf, type Metadata } from '../../../shared/domain/metadata.ts'
import { Table, TableCell, TableRow } from '../../ui/table.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

/** Metadata that belongs to a collection and not to its records. */
export function CollectionMetadataTable({ metadata }: { metadata: Metadata }) {
  return (
    <Table label="Metadata of the collection itself" columns={[{ name: 'Key' }, { name: 'Type' }, { name: 'Value', className: 'w-full' }]}>
      {[...metadata].map(([key, value]) => (
        <TableRow key={key}>
          <TableCell className="numeric whitespace-nowrap">
            <UntrustedText text={key} />
          </TableCell>
          <TableCell className="text-ink-muted">{metadataTypeOf(value)}</TableCell>
          <TableCell className="numeric wrap-anywhere">
            <UntrustedText text={formatMetadataValue(value)} lines />
          </TableCell>
        </TableRow>
      ))}
    </Table>
  )
}
