import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { EmbedderInfo } from '../../../shared/contract/embedders.ts'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { toastError } from '../../lib/toast-error.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { toast } from '../../ui/toast.tsx'
import { configOf, kindNames, newDraft, type EmbedderDraft } from './embedder-draft.ts'

interface EmbedderFormProps {
  readonly start: EmbedderDraft
  /** Whether the embedder has a key already. */
  readonly hasKey: boolean
  readonly onDone: () => void
}

const fromHub = 'hub'

/** Sets an embedder up: what it is, its model and how texts are prepared. */
export function EmbedderForm({ start, hasKey, onDone }: EmbedderFormProps) {
  const client = useClient()
  const [draft, setDraft] = useState(start)
  const [key, setKey] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const { data: models } = useQuery(client.query('embedders.models', {}))
  const save = useMutation({ ...client.mutation('embedders.save'), meta: { showsError: true } })
  const saveKey = useMutation(client.mutation('embedders.setKey'))
  const set = (part: Partial<EmbedderDraft>) => setDraft({ ...draft, ...part })

  function onSaved(embedder: EmbedderInfo): void {
    if (draft.kind === 'openai' && key.trim() !== '') {
      // The form is gone by then, and with it what `mutate` would call. A failure shows as that of every mutation does.
      void saveKey.mutateAsync({ id: embedder.id, key }).then(
        ({ keptIn }) => toast({ message: `The key is kept in ${keptIn}.` }),
        () => undefined,
      )
    }
    onDone()
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    const parsed = configOf(draft)
    if (!parsed.ok) return setProblem(parsed.message)
    setProblem(null)
    const title = draft.title.trim() === '' ? (draft.kind === 'lexical' ? `Lexical ${draft.dimension}` : draft.model) : draft.title
    save.mutate({ id: draft.id, title, config: parsed.config }, { onSuccess: onSaved })
  }

  const failure = save.error === null ? null : describeError(save.error)
  return (
    <form onSubmit={submit} aria-label="Embedder" className="flex flex-col gap-3 rounded-md border border-line p-3">
      <div className="grid grid-cols-2 gap-3">
        <Field label="Kind">
          <Select
            value={draft.kind}
            onValueChange={(kind) =>
              kind !== draft.kind &&
              set({ kind, ...(kind === 'openai' ? { model: '', dimension: '' } : { dimension: newDraft.dimension }) })
            }
            options={(['transformers', 'openai', 'lexical'] as const).map((value) => ({ value, label: kindNames[value] }))}
          />
        </Field>
        <Field label="Title" optional>
          <TextInput value={draft.title} onValueChange={(title) => set({ title })} />
        </Field>
        {draft.kind === 'transformers' && (
          <>
            <Field label="Model" description="Its id on the hub, or the name of a folder among the app's models.">
              <TextInput value={draft.model} onValueChange={(model) => set({ model })} placeholder="Xenova/all-MiniLM-L6-v2" />
            </Field>
            <Field label="Files">
              <Select
                value={draft.localModelId ?? fromHub}
                onValueChange={(value) => set({ localModelId: value === fromHub ? null : value })}
                options={[
                  { value: fromHub, label: 'Downloaded from the hub' },
                  ...(models?.local ?? []).map(({ id, name }) => ({ value: id, label: name })),
                ]}
              />
            </Field>
            <Field label="Numbers (dtype)">
              <Select
                value={draft.dtype}
                onValueChange={(dtype) => set({ dtype })}
                options={(['fp32', 'fp16', 'q8', 'q4'] as const).map((value) => ({ value, label: value }))}
              />
            </Field>
            <Field label="Pooling">
              <Select
                value={draft.pooling}
                onValueChange={(pooling) => set({ pooling })}
                options={[
                  { value: 'mean', label: 'Mean of all tokens' },
                  { value: 'cls', label: 'First token (CLS)' },
                  { value: 'last_token', label: 'Last token' },
                ]}
              />
            </Field>
            <Field label="Longest text, in tokens" optional>
              <TextInput value={draft.maxTokens} onValueChange={(maxTokens) => set({ maxTokens })} inputMode="numeric" />
            </Field>
            <Checkbox
              checked={draft.normalise}
              onCheckedChange={(normalise) => set({ normalise })}
              label="Normalise to length 1"
              className="self-end pb-1"
            />
          </>
        )}
        {draft.kind === 'openai' && (
          <>
            <Field label="Base URL" description="Up to and including /v1. Ollama, LM Studio, vLLM and TEI answer the same way.">
              <TextInput value={draft.baseUrl} onValueChange={(baseUrl) => set({ baseUrl })} />
            </Field>
            <Field label="Model">
              <TextInput value={draft.model} onValueChange={(model) => set({ model })} placeholder="nomic-embed-text" />
            </Field>
            <Field
              label="Key"
              optional
              description={hasKey ? 'A key is kept; write another to replace it.' : 'Many local servers need none.'}
            >
              <TextInput type="password" value={key} onValueChange={setKey} autoComplete="off" />
            </Field>
          </>
        )}
        {draft.kind !== 'transformers' && (
          <Field label="Dimension" optional={draft.kind === 'openai'}>
            <TextInput value={draft.dimension} onValueChange={(dimension) => set({ dimension })} inputMode="numeric" />
          </Field>
        )}
        {draft.kind !== 'lexical' && (
          <>
            <Field label="Before each query" optional>
              <TextInput value={draft.queryPrefix} onValueChange={(queryPrefix) => set({ queryPrefix })} placeholder="query: " />
            </Field>
            <Field label="Before each document" optional>
              <TextInput value={draft.documentPrefix} onValueChange={(documentPrefix) => set({ documentPrefix })} placeholder="passage: " />
            </Field>
          </>
        )}
      </div>
      {draft.kind === 'openai' && (
        <p className="text-small text-ink-muted">Texts of queries and of parity checks are sent to this server; nothing else is.</p>
      )}
      {problem !== null && (
        <p role="alert" className="text-small text-wrong">
          {problem}
        </p>
      )}
      {failure && (
        <Callout severity="error" title={failure.message}>
          {failure.remedy}
        </Callout>
      )}
      <div className="flex justify-end gap-2">
        {draft.id !== null && hasKey && draft.kind === 'openai' && (
          <Button
            variant="ghost"
            className="mr-auto"
            onClick={() => draft.id !== null && saveKey.mutate({ id: draft.id, key: null }, { onError: toastError })}
          >
            Remove the key
          </Button>
        )}
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" busy={save.isPending}>
          Save embedder
        </Button>
      </div>
    </form>
  )
}
