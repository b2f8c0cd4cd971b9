import { useEffect, useRef, useState } from 'react'
import type { CollectionRef, MetadataKey } from '../../../../shared/contract/collections.ts'
import { sameWhere } from '../../../../shared/domain/where-edit.ts'
import type { Where } from '../../../../shared/domain/where.ts'
import { ClauseRow } from './clause-row.tsx'
import { draftOf, newClause, newGroup, readDraft, replaceNode, type DraftGroup } from './draft.ts'
import { GroupFrame } from './group-frame.tsx'

interface WhereBuilderProps {
  readonly collection: CollectionRef
  readonly keys: readonly MetadataKey[]
  readonly where: Where | null
  readonly onWhere: (where: Where | null) => void
}

interface GroupProps {
  readonly group: DraftGroup
  readonly depth: number
  readonly collection: CollectionRef
  readonly keys: readonly MetadataKey[]
  readonly problems: ReadonlyMap<number, string>
  readonly onChange: (group: DraftGroup) => void
  readonly onRemove: (() => void) | null
}

function Group({ group, depth, collection, keys, problems, onChange, onRemove }: GroupProps) {
  return (
    <GroupFrame
      kind={group.kind}
      count={group.children.length}
      depth={depth}
      addLabel="Condition"
      onKind={(kind) => onChange({ ...group, kind })}
      onAddClause={() => onChange({ ...group, children: [...group.children, newClause()] })}
      onAddGroup={() => onChange({ ...group, children: [...group.children, newGroup(group.kind === 'and' ? 'or' : 'and', [newClause()])] })}
      onRemove={onRemove}
    >
      {group.children.map((child) =>
        child.kind === 'clause' ? (
          <ClauseRow
            key={child.id}
            clause={child}
            collection={collection}
            keys={keys}
            problem={problems.get(child.id)}
            onChange={(next) => onChange(replaceNode(group, child.id, next))}
            onRemove={() => onChange(replaceNode(group, child.id, null))}
          />
        ) : (
          <Group
            key={child.id}
            group={child}
            depth={depth + 1}
            collection={collection}
            keys={keys}
            problems={problems}
            onChange={(next) => onChange(replaceNode(group, child.id, next))}
            onRemove={() => onChange(replaceNode(group, child.id, null))}
          />
        ),
      )}
    </GroupFrame>
  )
}

/** The metadata filter as rows and groups. Unfinished rows stay here and are not applied. */
export function WhereBuilder({ collection, keys, where, onWhere }: WhereBuilderProps) {
  const [draft, setDraft] = useState(() => draftOf(where))
  const lastWhere = useRef(where)

  useEffect(() => {
    if (sameWhere(lastWhere.current, where)) return
    lastWhere.current = where
    setDraft(draftOf(where))
  }, [where])

  const { problems } = readDraft(draft)
  const onChange = (next: DraftGroup) => {
    setDraft(next)
    const read = readDraft(next).where
    if (sameWhere(lastWhere.current, read)) return
    lastWhere.current = read
    onWhere(read)
  }

  return <Group group={draft} depth={0} collection={collection} keys={keys} problems={problems} onChange={onChange} onRemove={null} />
}
