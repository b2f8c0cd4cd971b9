import type { ReactNode } from 'react'
import type { LookupSettings } from '../../../shared/contract/lookups.ts'
import type { Normalisation } from '../../../shared/domain/lookup-normalise.ts'
import { defaultThreshold } from '../../../shared/domain/lookup.ts'
import { formatCount } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { ThresholdSlider } from '../../ui/threshold-slider.tsx'

interface LookupOptionsProps {
  readonly settings: LookupSettings
  readonly namespaces: readonly { namespace: string; entries: number }[]
  /** Changes some of them. */
  readonly onSettings: (change: Partial<LookupSettings>) => void
}

const normalisations: readonly { key: keyof Normalisation; label: string }[] = [
  { key: 'trim', label: 'Trim' },
  { key: 'lowerCase', label: 'Lower-case' },
  { key: 'collapseSpace', label: 'Collapse white space' },
  { key: 'stripPunctuation', label: 'Leave out punctuation' },
  { key: 'unicode', label: 'Unicode NFKC' },
]

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5 border-b border-line px-3 py-2.5">
      <legend className="float-left mb-1.5 w-full text-small font-strong text-ink-muted">{title}</legend>
      {children}
    </fieldset>
  )
}

/** Names of namespaces as values of a select: a namespace may be called anything, so the names are set apart by a letter. */
const all = 'all'
const valueOf = (namespace: string | null) => (namespace === null ? all : `=${namespace}`)

/** A time as the browser's own input writes it, in the person's time zone. */
function localTime(time: number): string {
  return new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** How the cache looks things up: namespace, threshold, layers, what counts as the same text, and expiry. */
export function LookupOptions({ settings, namespaces, onSettings: set }: LookupOptionsProps) {
  const known = namespaces.some(({ namespace }) => namespace === settings.namespace)
  const listed = known || settings.namespace === null ? namespaces : [{ namespace: settings.namespace, entries: 0 }, ...namespaces]
  return (
    <div role="group" aria-label="How the cache looks up" className="min-h-0 flex-1 overflow-y-auto">
      <Group title="Namespace">
        <Select
          label="Namespace"
          value={valueOf(settings.namespace)}
          onValueChange={(value) => set({ namespace: value === all ? null : value.slice(1) })}
          options={[
            { value: all, label: 'All namespaces' },
            ...listed.map(({ namespace, entries }) => ({
              value: valueOf(namespace),
              label: namespace === '' ? 'No namespace' : namespace,
              hint: formatCount(entries),
            })),
          ]}
        />
      </Group>
      <Group title="Similarity threshold">
        <ThresholdSlider value={settings.threshold} onValueChange={(threshold) => set({ threshold })} />
        {settings.threshold !== defaultThreshold && (
          <Button size="small" variant="ghost" className="-ml-2 self-start" onClick={() => set({ threshold: defaultThreshold })}>
            Back to {defaultThreshold}
          </Button>
        )}
      </Group>
      <Group title="Layers">
        <Checkbox checked={settings.exactLayer} onCheckedChange={(exactLayer) => set({ exactLayer })} label="Exact: the same text" />
        <Checkbox
          checked={settings.semanticLayer}
          onCheckedChange={(semanticLayer) => set({ semanticLayer })}
          label="Semantic: the nearest vector"
        />
        <Checkbox checked={settings.honourExpiry} onCheckedChange={(honourExpiry) => set({ honourExpiry })} label="Skip expired entries" />
      </Group>
      <Group title="Time of the lookup">
        <Segmented
          size="small"
          label="Time of the lookup"
          value={settings.at === null ? 'now' : 'then'}
          onValueChange={(value) => set({ at: value === 'now' ? null : Date.now() })}
          options={[
            { value: 'now', label: 'Now' },
            { value: 'then', label: 'Another time' },
          ]}
          className="self-start"
        />
        {settings.at !== null && (
          <>
            <input
              type="datetime-local"
              aria-label="Time of the lookup, in this time zone"
              value={localTime(settings.at)}
              onChange={(event) => {
                const at = new Date(event.target.value).getTime()
                if (Number.isFinite(at)) set({ at })
              }}
              className="h-7 rounded-md border border-line-strong bg-canvas px-2 text-body text-ink"
            />
            <p className="text-small text-ink-faint">Entries made later are skipped; those that expired since are not.</p>
          </>
        )}
      </Group>
      <Group title="Texts are the same after">
        {normalisations.map(({ key, label }) => (
          <Checkbox
            key={key}
            checked={settings.normalise[key]}
            onCheckedChange={(on) => set({ normalise: { ...settings.normalise, [key]: on } })}
            label={label}
          />
        ))}
      </Group>
      <Group title="The semantic layer embeds">
        <Segmented
          size="small"
          label="The semantic layer embeds"
          value={settings.embed}
          onValueChange={(embed) => set({ embed })}
          options={[
            { value: 'as-asked', label: 'The query as asked' },
            { value: 'normalised', label: 'Normalised' },
          ]}
          className="self-start"
        />
      </Group>
    </div>
  )
}
