import { TextInput } from './text-input.tsx'
import { useEffect, useState } from 'react'

const sliderLook =
  'h-1.5 w-full min-w-0 flex-1 cursor-pointer appearance-none rounded-full ' +
  '[&::-webkit-slider-thumb]:size-4 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full ' +
  '[&::-webkit-slider-thumb]:bg-accent-solid [&::-moz-range-thumb]:size-4 [&::-moz-range-thumb]:rounded-full ' +
  '[&::-moz-range-thumb]:border-none [&::-moz-range-thumb]:bg-accent-solid'

/** The similarity at and above which the semantic layer answers, by hand or by number. */
export function ThresholdSlider({ value, onValueChange }: { value: number; onValueChange: (value: number) => void }) {
  const [text, setText] = useState(value.toFixed(3))
  useEffect(() => setText(value.toFixed(3)), [value])
  const commit = () => {
    const next = Number(text)
    if (Number.isFinite(next) && next >= -1 && next <= 1 && text.trim() !== '') onValueChange(next)
    else setText(value.toFixed(3))
  }
  return (
    <div className="flex items-center gap-2">
      <input
        type="range"
        aria-label="Similarity threshold"
        min={0}
        max={1}
        step={0.005}
        value={value}
        onChange={(event) => onValueChange(Number(event.target.value))}
        // The native track is white in Chromium's dark scheme whenever the accent is dark.
        style={{ backgroundImage: `linear-gradient(to right, var(--accent-solid) ${value * 100}%, var(--line-strong) ${value * 100}%)` }}
        className={sliderLook}
      />
      <TextInput
        size="small"
        aria-label="Similarity threshold, as a number"
        value={text}
        onValueChange={setText}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
        inputMode="decimal"
        className="numeric w-16"
      />
    </div>
  )
}
