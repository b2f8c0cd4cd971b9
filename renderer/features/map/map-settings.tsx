import { SlidersHorizontal } from 'lucide-react'
import { useEffect, useState } from 'react'
import { defaultMapSettings, mapSettingsSchema, type MapFrame, type MapSettings } from '../../../shared/contract/maps.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Popover } from '../../ui/popover.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TextInput } from '../../ui/text-input.tsx'

interface MapSettingsPopoverProps {
  readonly settings: MapSettings
  /** How what is shown was made: vectors of one or two dimensions are shown as they are. Null before there is a picture. */
  readonly method: MapFrame['method'] | null
  readonly onSettings: (settings: MapSettings) => void
  readonly onLayOutAnew: () => void
}

type NumberKey = 'nNeighbors' | 'minDist' | 'seed'

const numberFields: readonly { key: NumberKey; label: string; description: string; error: string }[] = [
  {
    key: 'nNeighbors',
    label: 'Neighbours',
    description: 'How many neighbours hold a record in place. Few show fine detail, many show the whole.',
    error: 'A whole number from 2 to 200.',
  },
  {
    key: 'minDist',
    label: 'Least distance',
    description: 'How near points may come to each other. Small values pack clusters tightly.',
    error: 'A number from 0 to 0.99.',
  },
  { key: 'seed', label: 'Seed', description: 'The same seed draws the same map.', error: 'A whole number from 0 to 4,294,967,295.' },
]

function NumberField({
  settings,
  field,
  onSettings,
}: {
  settings: MapSettings
  field: (typeof numberFields)[number]
  onSettings: (settings: MapSettings) => void
}) {
  const { key, label, description, error } = field
  const [text, setText] = useState(String(settings[key]))
  useEffect(() => setText(String(settings[key])), [settings, key])
  const parsed = mapSettingsSchema.shape[key].safeParse(text.trim() === '' ? undefined : Number(text))
  const commit = () => {
    if (parsed.success && parsed.data !== settings[key]) onSettings({ ...settings, [key]: parsed.data })
  }
  return (
    <Field label={label} description={description} error={parsed.success ? null : error}>
      <TextInput
        size="small"
        value={text}
        onValueChange={setText}
        inputMode="decimal"
        className="numeric w-28"
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
    </Field>
  )
}

/** How the map is laid out. A change draws another map; the earlier one is kept and comes back with its settings. */
export function MapSettingsPopover({ settings, method, onSettings, onLayOutAnew }: MapSettingsPopoverProps) {
  const isStored = method === 'stored'
  const isUmap = settings.method === 'umap' && !isStored
  const isUsual = Object.entries(defaultMapSettings).every(([key, value]) => settings[key as keyof MapSettings] === value)
  return (
    <Popover
      label="Projection"
      className="flex w-80 flex-col gap-3"
      trigger={
        <Button variant="ghost" icon={<SlidersHorizontal aria-hidden="true" />}>
          {isStored ? 'As stored' : isUmap ? 'UMAP' : 'PCA'}
        </Button>
      }
    >
      {isStored ? (
        <p className="text-small text-ink-muted">
          The vectors have no more than two dimensions, so every record stands where its vector says. There is nothing to project.
        </p>
      ) : (
        <Field
          label="Projection"
          description={
            isUmap
              ? 'UMAP keeps neighbours together; distances between far clusters mean little.'
              : 'PCA shows the two directions in which the vectors differ most; distances keep their meaning.'
          }
        >
          <Segmented
            label="Projection"
            value={settings.method === 'pca' ? 'pca' : 'umap'}
            onValueChange={(next) => onSettings({ ...settings, method: next })}
            options={[
              { value: 'umap', label: 'UMAP' },
              { value: 'pca', label: 'PCA' },
            ]}
          />
        </Field>
      )}
      {isUmap && (
        <>
          <Field label="Neighbours by" description="Cosine compares directions; the collection’s own space is the one its queries use.">
            <Segmented
              label="Neighbours by"
              value={settings.metric}
              onValueChange={(metric) => onSettings({ ...settings, metric })}
              options={[
                { value: 'cosine', label: 'Cosine' },
                { value: 'own', label: 'Own space' },
              ]}
            />
          </Field>
          {numberFields.map((field) => (
            <NumberField key={field.key} settings={settings} field={field} onSettings={onSettings} />
          ))}
        </>
      )}
      <div className="flex gap-2 border-t border-line pt-3">
        <Button disabled={isUsual} onClick={() => onSettings(defaultMapSettings)}>
          Usual settings
        </Button>
        {!isStored && <Button onClick={onLayOutAnew}>Lay out anew</Button>}
      </div>
    </Popover>
  )
}
