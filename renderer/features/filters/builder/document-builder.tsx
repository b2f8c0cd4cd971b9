import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { encode } from '../../../../shared/rpc/codec.ts'
import type { WhereDocument } from '../../../../shared/domain/where.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Select } from '../../../ui/select.tsx'
import { TextInput } from '../../../ui/text-input.tsx'
import { documentOperatorWords } from '../../../lib/operator-words.ts'
import {
  documentDraftOf,
  documentOperators,
  newDocumentClause,
  newDocumentGroup,
  readDocumentDraft,
  replaceDocumentNode,
  type DocumentGroup,
  type DocumentOperator,
} from './document-draft.ts'
import { GroupFrame } from './group-frame.tsx'

interface DocumentBuilderProps {
  readonly filter: WhereDocument | null
  readonly onFilter: (filter: WhereDocument | null) => void
}

interface GroupProps {
  readonly group: DocumentGroup
  readonly depth: number
  readonly onChange: (group: DocumentGroup) => void
  readonly onRemove: (() => void) | null
}

function Group({ group, depth, onChange, onRemove }: GroupProps) {
  return (
    <GroupFrame
      kind={group.kind}
      count={group.children.length}
      depth={depth}
      addLabel="Condition"
      onKind={(kind) => onChange({ ...group, kind })}
      onAddClause={() => onChange({ ...group, children: [...group.children, newDocumentClause()] })}
      onAddGroup={() =>
        onChange({ ...group, children: [...group.children, newDocumentGroup(group.kind === 'and' ? 'or' : 'and', [newDocumentClause()])] })
      }
      onRemove={onRemove}
    >
      {group.children.map((child) =>
        child.kind === 'text' ? (
          <div key={child.id} className="flex flex-wrap items-center gap-1.5">
            <Select<DocumentOperator>
              label="Operator"
              value={child.operator}
              onValueChange={(operator) => onChange(replaceDocumentNode(group, child.id, { ...child, operator }))}
              options={documentOperators.map((operator) => ({ value: operator, label: documentOperatorWords[operator], hint: operator }))}
              className="w-44"
            />
            <TextInput
              value={child.value}
              onValueChange={(value) => onChange(replaceDocumentNode(group, child.id, { ...child, value }))}
              aria-label="Text"
              placeholder={child.operator.endsWith('regex') ? 'Pattern, such as (?i)refund' : 'Text, as it is written in the document'}
              className="min-w-40 flex-1"
            />
            <IconButton
              label="Remove this condition"
              icon={<X aria-hidden="true" />}
              onClick={() => onChange(replaceDocumentNode(group, child.id, null))}
            />
          </div>
        ) : (
          <Group
            key={child.id}
            group={child}
            depth={depth + 1}
            onChange={(next) => onChange(replaceDocumentNode(group, child.id, next))}
            onRemove={() => onChange(replaceDocumentNode(group, child.id, null))}
          />
        ),
      )}
    </GroupFrame>
  )
}

/** The document filter as rows and groups. */
export function DocumentBuilder({ filter, onFilter }: DocumentBuilderProps) {
  const [draft, setDraft] = useState(() => documentDraftOf(filter))
  const last = useRef(encode(filter))

  useEffect(() => {
    if (last.current === encode(filter)) return
    last.current = encode(filter)
    setDraft(documentDraftOf(filter))
  }, [filter])

  const onChange = (next: DocumentGroup) => {
    setDraft(next)
    const read = readDocumentDraft(next)
    if (last.current === encode(read)) return
    last.current = encode(read)
    onFilter(read)
  }

  return <Group group={draft} depth={0} onChange={onChange} onRemove={null} />
}
