import { Field } from '../../ui/field.tsx'
import { TextInput } from '../../ui/text-input.tsx'

/** Settings of an HNSW index as they are typed; empty ones are left to Chroma. */
export interface HnswDraft {
  readonly efConstruction: string
  readonly efSearch: string
  readonly maxNeighbors: string
}

export const emptyHnsw: HnswDraft = { efConstruction: '', efSearch: '', maxNeighbors: '' }

const fields = [
  { name: 'efConstruction', label: 'ef_construction', least: 1, description: 'Care in building, 100' },
  { name: 'efSearch', label: 'ef_search', least: 1, description: 'Care in searching, 100' },
  { name: 'maxNeighbors', label: 'max_neighbors', least: 2, description: 'Links of a record, 16' },
] as const

function read(text: string, least: number): number | null | undefined {
  if (text.trim() === '') return null
  return /^\d{1,6}$/.test(text.trim()) && Number(text) >= least ? Number(text) : undefined
}

/** The settings as numbers; null where one of them is none. */
export function readHnsw(draft: HnswDraft): Record<keyof HnswDraft, number | null> | null {
  const [efConstruction, efSearch, maxNeighbors] = fields.map(({ name, least }) => read(draft[name], least))
  if (efConstruction === undefined || efSearch === undefined || maxNeighbors === undefined) return null
  return { efConstruction, efSearch, maxNeighbors }
}

/** Fields for the settings of a collection's index. */
export function HnswFields({ value, onValueChange }: { value: HnswDraft; onValueChange: (value: HnswDraft) => void }) {
  return (
    <div className="grid grid-cols-3 gap-3 pt-1">
      {fields.map(({ name, label, least, description }) => (
        <Field
          key={name}
          label={label}
          description={description}
          error={read(value[name], least) === undefined ? `A whole number from ${least} on.` : null}
        >
          <TextInput
            value={value[name]}
            onValueChange={(text) => onValueChange({ ...value, [name]: text })}
            inputMode="numeric"
            placeholder="default"
            className="numeric"
          />
        </Field>
      ))}
    </div>
  )
}
