import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Section } from '../../ui/section.tsx'
import { TextInput } from '../../ui/text-input.tsx'

/** The command that starts Chroma, where the person wants another than the one that was found. */
export function EngineCommand() {
  const client = useClient()
  const { data: candidates } = useQuery(client.query('engine.candidates', {}))
  const configured = candidates?.find((candidate) => candidate.kind === 'configured')
  const { data: info } = useQuery(client.query('app.info', {}))
  const [draft, setDraft] = useState<string | null>(null)
  const setCommand = useMutation({ ...client.mutation('engine.setCommand'), meta: { showsError: true } })
  const command = draft ?? configured?.label ?? ''
  const inUse = candidates?.find((candidate) => candidate.usable)

  function save(event: FormEvent): void {
    event.preventDefault()
    const text = command.trim()
    setCommand.mutate({ command: text === '' ? null : text }, { onSuccess: () => setDraft(null) })
  }

  if (info?.mode === 'browser') {
    return (
      <Section title="Engine">
        <p>
          {configured
            ? `Started with ${configured.label}.`
            : inUse
              ? `In use: ${inUse.label}${inUse.version ? ` ${inUse.version}` : ''}.`
              : 'No engine was found on this computer. Reading needs none.'}
        </p>
        {configured && !configured.usable && <p className="text-wrong">{configured.note}</p>}
        <p className="text-small text-ink-muted">
          Another is chosen at the start, since no page in a browser may name a program to run:{' '}
          <code className="font-mono">npm start -- --browser --engine /opt/venv/bin/chroma</code>
        </p>
      </Section>
    )
  }
  return (
    <Section title="Engine">
      <form onSubmit={save} className="flex flex-col gap-2">
        <Field
          label="Command that starts Chroma"
          optional
          error={setCommand.isError ? describeError(setCommand.error).message : configured && !configured.usable ? configured.note : null}
          description={
            inUse
              ? `Without one, the best engine on this computer is used. Now: ${inUse.label}${inUse.version ? ` ${inUse.version}` : ''}.`
              : 'No engine was found on this computer. Reading needs none.'
          }
        >
          <div className="flex gap-2">
            <TextInput value={command} onValueChange={setDraft} placeholder="/opt/venv/bin/chroma" className="flex-1 font-mono" />
            <Button type="submit" busy={setCommand.isPending} disabled={draft === null}>
              Save
            </Button>
          </div>
        </Field>
      </form>
    </Section>
  )
}
