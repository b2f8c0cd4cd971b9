import { Autocomplete } from '@base-ui/react/autocomplete'
import type { Ref } from 'react'
import { visibleString } from '../lib/visible-text.ts'
import { cx } from './cx.ts'
import { itemClass, popupClass } from './popup-style.ts'

export interface Suggestion {
  readonly value: string
  /** A few words beside the value. */
  readonly hint?: string
}

export interface SuggestInputProps {
  readonly value: string
  readonly onValueChange: (value: string) => void
  readonly suggestions: readonly Suggestion[]
  readonly label: string
  readonly placeholder?: string
  readonly isInvalid?: boolean
  readonly className?: string
  /** A suggestion was taken, or Enter pressed without one. */
  readonly onCommit?: (value: string) => void
  readonly ref?: Ref<HTMLInputElement>
}

/** One line of text with suggestions; anything else may be typed as well. */
export function SuggestInput({
  value,
  onValueChange,
  suggestions,
  label,
  placeholder,
  isInvalid = false,
  className,
  onCommit,
  ref,
}: SuggestInputProps) {
  return (
    <Autocomplete.Root
      items={suggestions}
      value={value}
      onValueChange={(next, details) => {
        onValueChange(next)
        if (details.reason === 'item-press') onCommit?.(next)
      }}
      itemToStringValue={(item: Suggestion) => item.value}
      openOnInputClick
      limit={80}
    >
      <Autocomplete.Input
        ref={ref}
        aria-label={label}
        aria-invalid={isInvalid || undefined}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.defaultPrevented) onCommit?.(value)
        }}
        className={cx(
          'h-7 min-w-0 rounded-md border bg-canvas px-2 text-body text-ink transition-colors outline-none focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent',
          isInvalid ? 'border-wrong' : 'border-line-strong',
          className,
        )}
      />
      {suggestions.length > 0 && (
        <Autocomplete.Portal>
          <Autocomplete.Positioner sideOffset={4} align="start" collisionPadding={8} className="z-50 outline-none">
            <Autocomplete.Popup
              className={cx(
                popupClass,
                'max-h-72 min-w-(--anchor-width) max-w-96 overflow-y-auto overscroll-contain p-1 data-empty:hidden',
              )}
            >
              <Autocomplete.List>
                {(item: Suggestion) => (
                  <Autocomplete.Item key={item.value} value={item} className={itemClass}>
                    <bdi className="min-w-0 flex-1 truncate">{item.value === '' ? 'empty text' : visibleString(item.value)}</bdi>
                    {item.hint && <span className="shrink-0 text-small text-ink-faint">{item.hint}</span>}
                  </Autocomplete.Item>
                )}
              </Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      )}
    </Autocomplete.Root>
  )
}
