import { useMutation, useQuery } from '@tanstack/react-query'
import { FolderOpen, Pencil, X } from 'lucide-react'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { EvidenceSource } from '../../../shared/contract/thresholds.ts'
import type { EvidenceRef } from '../../../shared/domain/thresholds/experiment.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatQuantity } from '../../lib/format.ts'
import { evidenceWord } from '../../lib/thresholds-search.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Select } from '../../ui/select.tsx'
import { PairColumnsDialog } from './pair-columns-dialog.tsx'
import { PairsPicker } from './pairs-picker.tsx'

export interface EvidencePickerProps {
  collection: CollectionRef
  sources: readonly EvidenceSource[]
  chosen: EvidenceRef
  onChoose: (ref: EvidenceRef) => void
}

const kinds: Readonly<Record<EvidenceRef['from'], string>> = {
  log: 'lookup log',
  pairs: 'labelled pairs',
  sample: 'pairs of the sample',
  'self-calibration': 'weak labels',
}

function sizeInWords({ source, size, ownLabels, humanLabels }: EvidenceSource): string {
  const what = source.from === 'log' ? 'lookup' : source.from === 'self-calibration' ? 'entry' : 'pair'
  const counted = size === null ? [] : [formatQuantity(size, what, what === 'entry' ? 'entries' : `${what}s`)]
  const own =
    ownLabels === null || ownLabels === 0
      ? []
      : [`${formatQuantity(ownLabels, source.from === 'self-calibration' ? 'weak label' : 'label')} of its own`]
  return [...counted, ...own, `${formatQuantity(humanLabels, 'label')} given here`].join(', ')
}

/** Which lookups the statistics are about: a log, a file of labelled pairs, or the collection itself. */
export function EvidencePicker({ collection, sources, chosen, onChoose }: EvidencePickerProps) {
  const client = useClient()
  const [shown, setShown] = useState<'picker' | 'columns' | null>(null)
  const { data: info } = useQuery(client.query('app.info', {}))
  const dialog = useMutation(client.mutation('thresholds.importPairsWithDialog'))
  const remove = useMutation(client.mutation('thresholds.removePairs'))
  const word = evidenceWord(chosen)
  const source = sources.find((each) => evidenceWord(each.source) === word)
  const chooseFile = (file: { id: string; name: string } | null): void => {
    if (file !== null) onChoose({ from: 'pairs', pairsId: file.id, name: file.name })
  }
  const open = (): void => {
    if (info?.nativeDialogs) dialog.mutate(collection, { onSuccess: chooseFile })
    else setShown('picker')
  }
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
      <span className="text-small text-ink-muted">Evidence</span>
      <Select
        size="small"
        label="Evidence"
        className="max-w-80"
        value={word}
        onValueChange={(next) => {
          const found = sources.find((each) => evidenceWord(each.source) === next)
          if (found) onChoose(found.source)
        }}
        options={sources.map((each) => ({
          value: evidenceWord(each.source),
          label: visibleString(each.name),
          hint: kinds[each.source.from],
        }))}
      />
      {source && <span className="text-small text-ink-muted">{sizeInWords(source)}</span>}
      {chosen.from === 'pairs' && (
        <>
          <Button size="small" variant="ghost" icon={<Pencil aria-hidden="true" />} onClick={() => setShown('columns')}>
            Columns
          </Button>
          <IconButton
            size="small"
            label="Forget the file"
            icon={<X aria-hidden="true" />}
            onClick={() => {
              const other = sources.find((each) => evidenceWord(each.source) !== word)
              remove.mutate({ ...collection, pairsId: chosen.pairsId }, { onSuccess: () => other && onChoose(other.source) })
            }}
          />
        </>
      )}
      <span className="flex-1" />
      <Button size="small" icon={<FolderOpen aria-hidden="true" />} busy={dialog.isPending} onClick={open}>
        Open labelled pairs
      </Button>
      {shown === 'picker' && (
        <PairsPicker
          collection={collection}
          onClose={() => setShown(null)}
          onOpened={(file) => {
            setShown(null)
            chooseFile(file)
          }}
        />
      )}
      {shown === 'columns' && chosen.from === 'pairs' && (
        <PairColumnsDialog collection={collection} pairsId={chosen.pairsId} onClose={() => setShown(null)} />
      )}
    </div>
  )
}
