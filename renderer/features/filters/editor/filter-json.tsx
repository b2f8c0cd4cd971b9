import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { Diagnostic } from '@codemirror/lint'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import type { FilterProblem, ParsedFilter } from '../../../../shared/domain/filter-problem.ts'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { jsonContextAt, type JsonContext } from './json-context.ts'
import type { JsonSuggestion } from './suggest.ts'

// The editor is large and most people never open it.
const JsonEditor = lazy(() => import('../../../ui/json-editor.tsx').then((module) => ({ default: module.JsonEditor })))

interface FilterJsonProps<Tree> {
  readonly label: string
  readonly placeholder: string
  readonly tree: Tree | null
  readonly parse: (text: string) => ParsedFilter<Tree>
  readonly print: (tree: Tree | null) => string
  readonly isSame: (first: Tree | null, second: Tree | null) => boolean
  readonly suggest: (context: JsonContext) => Promise<JsonSuggestion[]> | JsonSuggestion[]
  /** Called with every text that is a filter; texts with mistakes are kept, and said so. */
  readonly onTree: (tree: Tree | null) => void
}

function toDiagnostic({ from, to, severity, message, remedy, fix }: FilterProblem, length: number): Diagnostic {
  const end = Math.min(length, Math.max(to, from + 1))
  return {
    from: Math.min(from, Math.max(0, end - 1)),
    to: end,
    severity,
    message: remedy === null ? message : `${message}\n${remedy}`,
    actions: fix === null ? [] : [{ name: fix.label, apply: (view) => view.dispatch({ changes: fix.edit }) }],
  }
}

/** One part of the filter as Chroma's JSON. It follows the tree it is given unless it means the same already. */
export function FilterJson<Tree>({ label, placeholder, tree, parse, print, isSame, suggest, onTree }: FilterJsonProps<Tree>) {
  const [text, setText] = useState(() => print(tree))
  const lastTree = useRef(tree)

  useEffect(() => {
    if (isSame(lastTree.current, tree)) return
    lastTree.current = tree
    setText(print(tree))
  }, [tree, isSame, print])

  const onText = (next: string) => {
    setText(next)
    const parsed = parse(next)
    if (!parsed.ok || isSame(lastTree.current, parsed.tree)) return
    lastTree.current = parsed.tree
    onTree(parsed.tree)
  }
  const diagnose = useCallback(
    (current: string) => parse(current).problems.map((problem) => toDiagnostic(problem, current.length)),
    [parse],
  )
  const complete = useCallback(
    async (context: CompletionContext): Promise<CompletionResult | null> => {
      const place = jsonContextAt(context.state.sliceDoc(0, context.pos))
      if (!context.explicit && place.written === '' && !place.inText) return null
      const suggestions = await suggest(place)
      if (suggestions.length === 0) return null
      const closing = place.inText && context.state.sliceDoc(context.pos, context.pos + 1) === '"' ? 1 : 0
      return {
        from: place.from,
        to: context.pos + closing,
        filter: false,
        options: suggestions
          .filter((each) => each.label.toLowerCase().replace(/^"/, '').includes(place.written.toLowerCase()))
          .slice(0, 100)
          .map((each) => ({
            label: each.label,
            detail: each.detail,
            apply: (view, _completion, from, to) => {
              const inner = /[{[]"?"?[}\]]$|""$/.test(each.insert) ? (each.insert.endsWith('[""]') ? 2 : 1) : 0
              view.dispatch({ changes: { from, to, insert: each.insert }, selection: { anchor: from + each.insert.length - inner } })
            },
          })),
      }
    },
    [suggest],
  )
  const errors = parse(text).problems.filter((problem) => problem.severity === 'error')
  const [first] = errors

  return (
    <div className="flex min-h-0 flex-1 flex-col gap-1">
      <Suspense fallback={<Skeleton className="h-8 w-full" />}>
        <JsonEditor value={text} onValueChange={onText} label={label} placeholder={placeholder} diagnose={diagnose} complete={complete} />
      </Suspense>
      {first !== undefined && (
        <p role="status" className="text-small text-wrong">
          {first.message} {first.remedy}
        </p>
      )}
    </div>
  )
}
