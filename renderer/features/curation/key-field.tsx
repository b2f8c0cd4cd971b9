import { useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { Field } from '../../ui/field.tsx'
import { SuggestInput } from '../../ui/suggest-input.tsx'

interface KeyFieldProps {
  readonly collection: CollectionRef
  readonly value: string
  readonly onValueChange: (key: string) => void
}

/** A metadata key, with those of the collection to choose from. */
export function KeyField({ collection, value, onValueChange }: KeyFieldProps) {
  const client = useClient()
  const { data: keys = [] } = useQuery(client.query('collections.keys', collection))
  return (
    <Field label="Key" className="flex-1">
      <SuggestInput
        label="Key"
        value={value}
        onValueChange={onValueChange}
        suggestions={keys.map(({ key, types }) => ({ value: key, hint: types.map(({ type }) => type).join(', ') }))}
        className="numeric w-full"
      />
    </Field>
  )
}
