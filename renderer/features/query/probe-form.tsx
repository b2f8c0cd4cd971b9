import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react'
import { useCommands } from '../../lib/commands.ts'
import { Button } from '../../ui/button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { SearchInput } from '../../ui/search-input.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { parseProbes, type ProbeKind } from './probes.ts'

interface ProbeFormProps {
  readonly kind: ProbeKind
  readonly text: string
  readonly nResults: number
  readonly isRunning: boolean
  readonly onRun: (kind: ProbeKind, text: string, nResults: number) => void
  readonly onCancel: () => void
  readonly children?: ReactNode
}

const kinds: readonly { value: ProbeKind; label: string; name: string; placeholder: string }[] = [
  { value: 'text', label: 'Text', name: 'Query', placeholder: 'What would a user ask?' },
  { value: 'record', label: 'Record', name: 'Record ID', placeholder: 'ID of a record whose neighbours to find' },
  { value: 'vector', label: 'Vector', name: 'Vector', placeholder: '[0.12, -0.03, …]' },
  { value: 'list', label: 'List', name: 'Queries, one on each line', placeholder: 'One query on each line' },
]

/** What to look for and how many to find. Enter runs it; where the text has several lines, with Ctrl or ⌘. */
export function ProbeForm({ kind: kindInForce, text: textInForce, nResults, isRunning, onRun, onCancel, children }: ProbeFormProps) {
  const [kind, setKind] = useState(kindInForce)
  const [text, setText] = useState(textInForce)
  const [count, setCount] = useState(String(nResults))
  const [problem, setProblem] = useState<string | null>(null)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    setKind(kindInForce)
    setText(textInForce)
    setCount(String(nResults))
    setProblem(null)
  }, [kindInForce, textInForce, nResults])

  const { name, placeholder } = kinds.find((each) => each.value === kind) ?? { name: 'Query', placeholder: '' }
  const isTall = kind === 'vector' || kind === 'list'

  function run(event?: FormEvent): void {
    event?.preventDefault()
    const parsed = parseProbes(kind, text)
    const wanted = Number(count)
    if (!parsed.ok) setProblem(parsed.message)
    else if (!Number.isInteger(wanted) || wanted < 1 || wanted > 1000) setProblem('nResults is a whole number from 1 to 1,000.')
    else {
      setProblem(null)
      onRun(kind, text, wanted)
    }
  }

  function onAreaKey(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run()
  }

  useCommands([
    {
      id: 'query.focus',
      title: 'Write a query',
      group: 'Query',
      shortcut: 'q',
      run: () => form.current?.querySelector<HTMLElement>('[data-probe]')?.focus(),
    },
  ])

  return (
    <form ref={form} onSubmit={run} aria-label="Query" className="flex shrink-0 flex-col gap-1.5 border-b border-line px-3 py-2">
      <div className="flex flex-wrap items-start gap-2">
        <Segmented
          label="Look for the neighbours of a"
          value={kind}
          onValueChange={(next) => {
            setKind(next)
            setProblem(null)
            if (next !== kind && (next === 'record' || next === 'vector' || kind === 'record' || kind === 'vector')) setText('')
          }}
          options={kinds.map(({ value, label }) => ({ value, label }))}
        />
        <div className="flex min-w-48 flex-1">
          {isTall ? (
            <TextArea
              data-probe=""
              aria-label={name}
              aria-invalid={problem !== null || undefined}
              value={text}
              onValueChange={setText}
              onKeyDown={onAreaKey}
              placeholder={placeholder}
              rows={4}
              className="flex-1"
            />
          ) : (
            <SearchInput
              data-probe=""
              label={name}
              aria-invalid={problem !== null || undefined}
              value={text}
              onValueChange={setText}
              placeholder={placeholder}
              className="flex-1"
            />
          )}
        </div>
        <span className="flex h-7 items-center gap-1.5 text-small text-ink-muted">
          <span aria-hidden="true">nResults</span>
          <TextInput aria-label="nResults" value={count} onValueChange={setCount} inputMode="numeric" className="w-14" />
        </span>
        {isRunning ? (
          <Button onClick={onCancel}>Cancel</Button>
        ) : (
          <Button type="submit" variant="primary" title={isTall ? 'Ctrl or ⌘ and Enter' : 'Enter'}>
            Run
          </Button>
        )}
      </div>
      {problem !== null && (
        <p role="alert" className="text-small text-wrong">
          {problem}
        </p>
      )}
      {children && <div className="flex min-w-0 flex-wrap items-center gap-1.5">{children}</div>}
    </form>
  )
}
