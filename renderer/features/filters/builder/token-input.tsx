import { X } from 'lucide-react'
import { useState } from 'react'
import { visibleString } from '../../../lib/visible-text.ts'
import { cx } from '../../../ui/cx.ts'
import { SuggestInput, type Suggestion } from '../../../ui/suggest-input.tsx'
import { UntrustedText } from '../../../ui/untrusted-text.tsx'

interface TokenInputProps {
  readonly tokens: readonly string[]
  readonly onTokens: (tokens: readonly string[]) => void
  readonly suggestions: readonly Suggestion[]
  readonly label: string
  readonly isInvalid: boolean
}

/** Several values: Enter adds what was typed, a suggestion adds itself. */
export function TokenInput({ tokens, onTokens, suggestions, label, isInvalid }: TokenInputProps) {
  const [typed, setTyped] = useState('')
  const add = (text: string) => {
    if (text !== '' && !tokens.includes(text)) onTokens([...tokens, text])
    setTyped('')
  }
  return (
    <div className="flex min-w-40 flex-1 flex-wrap items-center gap-1">
      {tokens.map((token) => (
        <span
          key={token}
          className={cx(
            'inline-flex h-6 max-w-48 items-center gap-1 rounded-sm bg-pressed pr-0.5 pl-1.5 text-small',
            token === '' && 'text-ink-faint',
          )}
        >
          <span className="min-w-0 truncate">{token === '' ? 'empty text' : <UntrustedText text={token} limit={80} />}</span>
          <button
            type="button"
            aria-label={`Remove ${visibleString(token)}`}
            onClick={() => onTokens(tokens.filter((each) => each !== token))}
            className="rounded-sm p-0.5 text-ink-faint hover:bg-hover hover:text-ink"
          >
            <X aria-hidden="true" className="size-3" />
          </button>
        </span>
      ))}
      <SuggestInput
        value={typed}
        onValueChange={setTyped}
        onCommit={add}
        suggestions={suggestions.filter(({ value }) => !tokens.includes(value))}
        label={label}
        placeholder={tokens.length === 0 ? 'Value, then Enter' : 'Another'}
        isInvalid={isInvalid}
        className="w-32 flex-1"
      />
    </div>
  )
}
