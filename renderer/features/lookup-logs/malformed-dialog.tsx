import { useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Table, TableCell, TableRow } from '../../ui/table.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import type { ReadLog } from './read-log.ts'

/** The lines of a log that could not be read, and why. */
export function MalformedDialog({ collection, log, onClose }: { collection: CollectionRef; log: ReadLog; onClose: () => void }) {
  const client = useClient()
  const { data, error } = useQuery(client.query('lookupLogs.malformed', { ...collection, logId: log.id }))
  const isPart = data !== undefined && data.lines.length < data.total
  return (
    <Dialog
      open
      size="large"
      onOpenChange={(next) => !next && onClose()}
      title={`${formatQuantity(log.facts.malformed, 'line')} could not be read`}
      description={
        isPart
          ? `The first ${formatCount(data.lines.length)} are shown. The others were left out of every figure too.`
          : 'They are left out of every figure.'
      }
    >
      <DialogBody className="pb-5">
        {error !== null ? (
          <QueryError error={error} />
        ) : data === undefined ? (
          <SkeletonLines count={5} />
        ) : (
          <Table label="Lines that could not be read" columns={[{ name: 'Line', align: 'end' }, { name: 'Why' }, { name: 'Text' }]}>
            {data.lines.map((line, place) => (
              <TableRow key={place}>
                <TableCell align="end">{formatCount(line.line)}</TableCell>
                <TableCell>{line.reason}</TableCell>
                <TableCell className="numeric max-w-80 truncate">
                  <UntrustedText text={line.text} limit={200} />
                </TableCell>
              </TableRow>
            ))}
          </Table>
        )}
      </DialogBody>
    </Dialog>
  )
}
