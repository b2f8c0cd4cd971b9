import { Crosshair, X } from 'lucide-react'
import { useEffect, useState, type Ref } from 'react'
import type { Probe } from '../../../shared/contract/search.ts'
import { describeError } from '../../lib/describe-error.ts'
import { formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { ThresholdSlider } from '../../ui/threshold-slider.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import type { MapPoints } from './use-map-points.ts'

interface MapQueryProps {
  readonly inputRef: Ref<HTMLInputElement>
  readonly probe: Probe | null
  readonly result: MapPoints['probe']
  /** Points at or above the threshold. */
  readonly lit: number
  /** Null until it is known. */
  readonly threshold: number | null
  readonly onThreshold: (threshold: number) => void
  /** Null takes the query off the map. */
  readonly onProbe: (probe: Probe | null) => void
  readonly onSelectLit: () => void
  readonly onSetUpEmbedders: () => void
}

/** A text or a record that is looked for on the map, and what is similar enough to it. */
export function MapQuery(props: MapQueryProps) {
  const { inputRef, probe, result, lit, threshold, onThreshold, onProbe, onSelectLit, onSetUpEmbedders } = props
  const inForce = probe?.kind === 'text' ? probe.text : ''
  const [text, setText] = useState(inForce)
  useEffect(() => setText(inForce), [inForce])
  const place = () => onProbe(text.trim() === '' ? null : { kind: 'text', text: text.trim(), embedderId: null })
  const error = result?.error ?? null

  return (
    <div className="flex flex-col gap-1.5">
      {probe?.kind === 'record' ? (
        <div className="flex h-6 items-center gap-1.5 rounded-sm bg-accent-soft pr-0.5 pl-2 text-small">
          <Crosshair aria-hidden="true" className="size-3.5 shrink-0 text-accent" />
          <span className="min-w-0 flex-1 truncate">
            Similar to{' '}
            <span className="numeric">
              <UntrustedText text={probe.id} limit={80} />
            </span>
          </span>
          <IconButton size="small" label="Take it off the map" icon={<X aria-hidden="true" />} onClick={() => onProbe(null)} />
        </div>
      ) : (
        <TextInput
          ref={inputRef}
          size="small"
          value={text}
          onValueChange={(next) => {
            setText(next)
            if (next === '' && inForce !== '') onProbe(null)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') place()
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
          icon={<Crosshair aria-hidden="true" />}
          trailing={result?.isPending === true ? <Spinner /> : undefined}
          clearable
          aria-label="Place a text on the map"
          placeholder="Place a text on the map"
          className="text-small"
        />
      )}
      {error !== null && (
        <div role="alert" className="flex flex-col items-start gap-1.5 text-small">
          <span className="text-ink">{describeError(error).message}</span>
          {describeError(error).remedy !== null && <span className="text-ink-muted">{describeError(error).remedy}</span>}
          <Button size="small" onClick={onSetUpEmbedders}>
            Set up embedders…
          </Button>
        </div>
      )}
      {probe !== null && error === null && threshold !== null && (
        <>
          <ThresholdSlider value={threshold} onValueChange={onThreshold} />
          <div className="flex min-h-6 items-center gap-2 text-small">
            <span role="status" className="min-w-0 flex-1 text-ink-muted">
              {result?.isPending === true && lit === 0 ? 'Comparing…' : `${formatQuantity(lit, 'record')} at or above`}
            </span>
            {lit > 0 && (
              <Button size="small" variant="ghost" onClick={onSelectLit}>
                Select
              </Button>
            )}
          </div>
        </>
      )}
    </div>
  )
}
