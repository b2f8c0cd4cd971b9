import { Plus, X } from 'lucide-react'
import { useId } from 'react'
import { visibleString } from '../visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Select } from '../../ui/select.tsx'
import { SuggestInput } from '../../ui/suggest-input.tsx'
import { draftTypes, emptyRow, keptOtherwise, withType, type DraftType, type MetadataRow, type RowProblem } from './metadata-draft.ts'
import { ValueInput } from './value-input.tsx'

interface MetadataEditorProps {
  readonly rows: readonly MetadataRow[]
  readonly onRows: (rows: MetadataRow[]) => void
  readonly problems: readonly RowProblem[]
  /** Keys that other records have. */
  readonly knownKeys: readonly string[]
  /** Rows whose value differs from what is stored. */
  readonly changed?: ReadonlySet<number>
}

const typeNames: Readonly<Record<DraftType, string>> = {
  string: 'string',
  integer: 'int',
  float: 'float',
  boolean: 'bool',
  'string[]': 'string[]',
  'integer[]': 'int[]',
  'float[]': 'float[]',
  'boolean[]': 'bool[]',
}

interface RowEditorProps {
  readonly row: MetadataRow
  readonly problems: readonly RowProblem[]
  readonly knownKeys: readonly string[]
  readonly isChanged: boolean
  /** Whether the value was typed here, and not read from a store. */
  readonly isTyped: boolean
  readonly onRow: (row: MetadataRow) => void
  readonly onRemove: () => void
}

function RowEditor({ row, problems, knownKeys, isChanged, isTyped, onRow, onRemove }: RowEditorProps) {
  const id = useId()
  const name = row.key === '' ? 'new key' : visibleString(row.key)
  const keyProblem = problems.find(({ field }) => field === 'key')
  const valueProblem = problems.find(({ field }) => field === 'value')
  const kept = isTyped ? keptOtherwise(row) : null
  return (
    <li
      aria-label={name}
      className={cx('flex flex-col gap-1 border-l-2 py-1.5 pl-2.5', isChanged ? 'border-accent' : 'border-transparent')}
    >
      <div className="flex items-center gap-1.5">
        <SuggestInput
          label={`Key: ${name}`}
          value={row.key}
          placeholder="Key"
          suggestions={knownKeys.map((value) => ({ value }))}
          isInvalid={keyProblem !== undefined}
          onValueChange={(key) => onRow({ ...row, key })}
          className={cx(
            'numeric h-6 flex-1 rounded-sm',
            // A key is read more often than it is renamed.
            keyProblem === undefined && row.key !== '' && '-ml-2 [&:not(:hover):not(:focus)]:border-transparent',
          )}
        />
        <Select
          size="small"
          label={`Type of ${name}`}
          value={row.type}
          onValueChange={(type) => onRow(withType(row, type))}
          options={draftTypes.map((value) => ({ value, label: typeNames[value] }))}
          className="w-21"
        />
        <IconButton size="small" label={`Remove ${name}`} icon={<X aria-hidden="true" />} onClick={onRemove} />
      </div>
      {keyProblem && <Problem>{keyProblem.message}</Problem>}
      <ValueInput
        row={row}
        label={`Value of ${name}`}
        isInvalid={valueProblem !== undefined}
        describedBy={valueProblem && `${id}-value`}
        onText={(text) => onRow({ ...row, text })}
      />
      {kept !== null && <p className="numeric text-small text-ink-muted">Kept as {kept}, the nearest float.</p>}
      {valueProblem && <Problem id={`${id}-value`}>{valueProblem.message}</Problem>}
    </li>
  )
}

/** Metadata as typed rows: keys are added, renamed and removed, types converted where that loses nothing. */
export function MetadataEditor({ rows, onRows, problems, knownKeys, changed }: MetadataEditorProps) {
  const used = new Set(rows.map(({ key }) => key))
  const free = knownKeys.filter((key) => !used.has(key))
  return (
    <div className="flex flex-col gap-1">
      {rows.length === 0 ? (
        <p className="text-body text-ink-muted">No metadata.</p>
      ) : (
        <ul className="-ml-3 flex flex-col gap-0.5">
          {rows.map((row) => (
            <RowEditor
              key={row.row}
              row={row}
              problems={problems.filter((problem) => problem.row === row.row)}
              knownKeys={free}
              isTyped={changed?.has(row.row) !== false}
              isChanged={changed?.has(row.row) === true}
              onRow={(next) => onRows(rows.map((each) => (each.row === next.row ? next : each)))}
              onRemove={() => onRows(rows.filter((each) => each.row !== row.row))}
            />
          ))}
        </ul>
      )}
      <Button
        size="small"
        variant="ghost"
        icon={<Plus aria-hidden="true" />}
        onClick={() => onRows([...rows, emptyRow(rows)])}
        className="-ml-2 self-start"
      >
        Add a key
      </Button>
    </div>
  )
}
