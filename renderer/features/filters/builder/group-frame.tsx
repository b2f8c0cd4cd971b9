import { FolderPlus, Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Segmented } from '../../../ui/segmented.tsx'

interface GroupFrameProps {
  readonly kind: 'and' | 'or'
  readonly count: number
  readonly depth: number
  readonly onKind: (kind: 'and' | 'or') => void
  readonly onAddClause: () => void
  readonly onAddGroup: () => void
  /** Null for the outermost group. */
  readonly onRemove: (() => void) | null
  /** Word on the button that adds a condition. */
  readonly addLabel: string
  readonly children: ReactNode
}

/** Conditions of which all or any must hold. */
export function GroupFrame({ kind, count, depth, onKind, onAddClause, onAddGroup, onRemove, addLabel, children }: GroupFrameProps) {
  return (
    <div
      role="group"
      aria-label={kind === 'and' ? 'All of these hold' : 'Any of these holds'}
      className={cx('flex flex-col gap-1.5', depth > 0 && 'rounded-md border border-line-strong p-2')}
    >
      {(count > 1 || depth > 0) && (
        <div className="flex items-center gap-2">
          <Segmented
            size="small"
            label="Which conditions must hold"
            value={kind}
            onValueChange={onKind}
            options={[
              { value: 'and', label: 'All' },
              { value: 'or', label: 'Any' },
            ]}
          />
          <span className="flex-1 text-small text-ink-faint">{kind === 'and' ? 'of these hold ($and)' : 'of these holds ($or)'}</span>
          {onRemove !== null && <IconButton size="small" label="Remove this group" icon={<X aria-hidden="true" />} onClick={onRemove} />}
        </div>
      )}
      {children}
      <div className="-ml-2 flex gap-1">
        <Button size="small" variant="ghost" icon={<Plus aria-hidden="true" />} onClick={onAddClause}>
          {addLabel}
        </Button>
        {count > 0 && depth < 4 && (
          <Button size="small" variant="ghost" icon={<FolderPlus aria-hidden="true" />} onClick={onAddGroup}>
            Group
          </Button>
        )}
      </div>
    </div>
  )
}
