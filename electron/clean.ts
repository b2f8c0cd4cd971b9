import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import packageFile from '../package.json' with { type: 'json' }
import type { CollectionSummary } from '../shared/contract/collections.ts'
import { contract } from '../shared/contract/index.ts'
import { readPolicyFile, type PolicyFile } from '../shared/domain/cleanup/policy-file.ts'
import { ruleSentence } from '../shared/domain/cleanup/rule-words.ts'
import type { AnyMethod, InputOf, OutputOf } from '../shared/rpc/define.ts'
import { fromWireError } from '../shared/rpc/errors.ts'
import { createCore, type Core } from './core.ts'
import { dataDirectory } from './platform/paths.ts'

const usage = `Usage: npm run clean -- DIRECTORY --policy FILE [--collection NAME] [--apply] [--engine COMMAND]

Shows what a policy would remove from the collections of a store. Without --apply nothing is touched; with it History keeps
everything, so that the app can take it back. FILE is JSON, such as {"rules": [{"rule": "expired"}, {"rule": "exact-duplicates"}]}.
`

interface CleanArguments {
  readonly directory: string
  readonly policyFile: string
  readonly collection: string | null
  readonly apply: boolean
  readonly engine: string | null
}

const numbers = new Intl.NumberFormat('en')
const write = (text: string): void => void process.stdout.write(`${text}\n`)

function counted(count: number): string {
  return `${numbers.format(count)} ${count === 1 ? 'record' : 'records'}`
}

function readArguments(words: readonly string[]): CleanArguments {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      policy: { type: 'string' },
      collection: { type: 'string' },
      apply: { type: 'boolean' },
      engine: { type: 'string' },
    },
  })
  const [directory] = positionals
  if (directory === undefined || positionals.length > 1) throw new Error('One directory has to be named.')
  if (values.policy === undefined) throw new Error('A policy has to be named with --policy.')
  return {
    directory,
    policyFile: values.policy,
    collection: values.collection ?? null,
    apply: values.apply ?? false,
    engine: values.engine ?? null,
  }
}

async function call<M extends AnyMethod>(core: Core, name: string, method: M, input: InputOf<M>): Promise<OutputOf<M>> {
  const reply = await core.dispatch(name, input, { signal: new AbortController().signal })
  if (!reply.ok) throw fromWireError(reply.error)
  return method.output.parse(reply.value) as OutputOf<M>
}

/** Waits for a job and gives its result. @throws AppError as the job failed */
async function finished(core: Core, jobId: string): Promise<string | null> {
  for (;;) {
    const job = (await call(core, 'jobs.list', contract.jobs.list, {})).find(({ id }) => id === jobId)
    if (job?.state === 'done') return job.result
    if (job?.state !== 'running') throw fromWireError(job?.error)
    await wait(50)
  }
}

async function clean(
  core: Core,
  connectionId: string,
  collection: CollectionSummary,
  rules: PolicyFile['rules'],
  apply: boolean,
): Promise<void> {
  const ref = { connectionId, collectionId: collection.id }
  const preview = await call(core, 'cleanup.preview', contract.cleanup.preview, { ...ref, rules })
  write(`\n${collection.name}, ${counted(collection.count ?? 0)}`)
  for (const { rule, records } of preview.rules) write(`${numbers.format(records).padStart(10)}  ${ruleSentence(rule)}`)
  for (const { scope, records } of preview.scopes) write(`${numbers.format(records).padStart(10)}  in ${scope}`)
  write(`${counted(preview.removed)} would be removed, ${counted(preview.changed)} changed.`)
  if (!apply || preview.removed + preview.changed === 0) return
  const { jobId } = await call(core, 'cleanup.apply', contract.cleanup.apply, { ...ref, rules, state: preview.state })
  const changeId = (await finished(core, jobId)) ?? ''
  write((await call(core, 'cleanup.report', contract.cleanup.report, { changeId })).text)
}

async function run(core: Core, { directory, policyFile, collection, apply }: CleanArguments): Promise<void> {
  const from = process.env['INIT_CWD'] ?? process.cwd()
  const policy = readPolicyFile(await readFile(path.resolve(from, policyFile), 'utf8'))
  const { id: connectionId, location } = await core.openDirectoryByPath(path.resolve(from, directory))
  write(location)
  const { tenants } = await call(core, 'collections.catalog', contract.collections.catalog, { connectionId })
  const named = collection ?? policy.collection
  const collections = tenants
    .flatMap(({ databases }) => databases.flatMap((database) => database.collections))
    .filter(({ name }) => named === undefined || name === named)
  if (collections.length === 0)
    throw new Error(named === undefined ? 'The store has no collection.' : `The store has no collection ${named}.`)
  if (apply) {
    const started = await call(core, 'editing.start', contract.editing.start, { connectionId, snapshot: false, migrate: false })
    await finished(core, started.jobId)
  }
  for (const each of collections) await clean(core, connectionId, each, policy.rules, apply)
  if (!apply) write('\nNothing was changed. With --apply it would be.')
}

let request: CleanArguments | null = null
try {
  request = readArguments(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
  process.exitCode = 2
}
if (request) {
  const core = await createCore({
    mode: 'browser',
    version: packageFile.version,
    data: dataDirectory(),
    workingDirectory: process.env['INIT_CWD'] ?? process.cwd(),
    dialogs: null,
    engineCommand: request.engine,
  })
  try {
    await run(core, request)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  } finally {
    await core.close()
  }
}
