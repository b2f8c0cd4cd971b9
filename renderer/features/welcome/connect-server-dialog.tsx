import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState, type FormEvent } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { useOverlay } from '../../lib/overlay.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { draftOfServer, emptyServerDraft, readServerDraft, type ServerDraft } from './server-form.ts'
import { useOpened } from './use-opened.ts'

const formId = 'connect-server'

/** Asks for the address of a Chroma server, or for what Chroma Cloud needs, and connects. */
export function ConnectServerDialog() {
  const client = useClient()
  const { overlay, connectionId, close } = useOverlay()
  const { data: known } = useQuery(client.query('connections.list', {}))
  const again = known?.find(({ id }) => id === connectionId)
  const opened = useOpened()
  const urlInput = useRef<HTMLInputElement>(null)
  const [draft, setDraft] = useState<ServerDraft>(emptyServerDraft)
  const [submitted, setSubmitted] = useState(false)
  const [begunFrom, setBegunFrom] = useState<string | null>(null)
  if (again && begunFrom !== again.id) {
    setBegunFrom(again.id)
    setDraft(draftOfServer(again))
  }
  const connect = useMutation({ ...client.mutation('connections.openServer'), meta: { showsError: true } })
  const { address, errors } = readServerDraft(draft)
  const shown = submitted ? errors : {}
  const failure = connect.isError ? describeError(connect.error) : null
  const isCloud = draft.kind === 'cloud'

  function change(part: Partial<ServerDraft>): void {
    setDraft({ ...draft, ...part })
    connect.reset()
  }

  function end(): void {
    close()
    setSubmitted(false)
    setDraft(emptyServerDraft)
    setBegunFrom(null)
    connect.reset()
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    setSubmitted(true)
    if (!address) return
    connect.mutate(address, {
      onSuccess: (connection) => {
        end()
        // What is shown of a connection that was there before is asked for again where it is.
        if (connection.id !== again?.id) opened(connection)
      },
    })
  }

  const place = (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Tenant" optional={!isCloud} error={shown.tenant ?? null}>
        <TextInput
          value={draft.tenant}
          onValueChange={(tenant) => change({ tenant })}
          placeholder={isCloud ? '' : 'all that can be seen'}
        />
      </Field>
      <Field label="Database" optional={!isCloud} error={shown.database ?? null}>
        <TextInput
          value={draft.database}
          onValueChange={(database) => change({ database })}
          placeholder={isCloud ? '' : 'all that can be seen'}
        />
      </Field>
    </div>
  )

  return (
    <Dialog
      open={overlay === 'connect-server'}
      onOpenChange={(open) => !open && end()}
      title="Connect to a server"
      description={
        again
          ? 'What is entered here replaces the token and the headers that were kept.'
          : 'A Chroma server by its address, or a database in Chroma Cloud.'
      }
      initialFocus={urlInput}
      footer={
        <>
          <Button onClick={end}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" busy={connect.isPending}>
            Connect
          </Button>
        </>
      }
    >
      <DialogBody>
        <form id={formId} onSubmit={submit} noValidate className="flex flex-col gap-4">
          <Segmented
            label="Kind of server"
            value={draft.kind}
            onValueChange={(kind) => change({ kind })}
            options={[
              { value: 'server', label: 'Server' },
              { value: 'cloud', label: 'Chroma Cloud' },
            ]}
            className="self-start"
          />
          {!isCloud && (
            <Field label="Address" error={shown.url ?? null}>
              <TextInput
                ref={urlInput}
                value={draft.url}
                onValueChange={(url) => change({ url })}
                placeholder="http://localhost:8000"
                inputMode="url"
              />
            </Field>
          )}
          {isCloud && place}
          <div className="grid grid-cols-[1fr_11rem] gap-3">
            <Field
              label={isCloud ? 'API key' : 'Token'}
              optional={!isCloud}
              error={shown.token ?? null}
              description="Kept apart from the settings, readable by this user only."
              className={isCloud ? 'col-span-2' : undefined}
            >
              <TextInput type="password" value={draft.token} onValueChange={(token) => change({ token })} />
            </Field>
            {!isCloud && (
              <Field label="Sent as">
                <Select
                  label="Sent as"
                  value={draft.tokenHeader}
                  onValueChange={(tokenHeader) => change({ tokenHeader })}
                  options={[
                    { value: 'x-chroma-token', label: 'X-Chroma-Token' },
                    { value: 'authorization', label: 'Bearer' },
                  ]}
                  className="w-full"
                />
              </Field>
            )}
          </div>
          <Disclosure title={isCloud ? 'Name' : 'Tenant, headers and name'}>
            <div className="flex flex-col gap-4 pt-1">
              {!isCloud && place}
              {!isCloud && (
                <Field label="Further headers" optional error={shown.headers ?? null} description="One on each line, as Name: value">
                  <TextArea value={draft.headers} onValueChange={(headers) => change({ headers })} rows={2} placeholder="X-Team: search" />
                </Field>
              )}
              <Field label="Name in the list of connections" optional>
                <TextInput value={draft.title} onValueChange={(title) => change({ title })} />
              </Field>
            </div>
          </Disclosure>
          {failure && (
            <Callout severity="error" title={failure.message}>
              {failure.remedy}
            </Callout>
          )}
        </form>
      </DialogBody>
    </Dialog>
  )
}
