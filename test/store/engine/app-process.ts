import { createEngines } from '../../../electron/store/engine/engines.ts'

/** Stands in for the app in the tests that kill it: starts one engine, says so, and goes on for ever. */
const [dataFolder = '', directory = '', command = '', delay = '0'] = process.argv.slice(2)
const engines = createEngines({ dataFolder, environment: {}, command: command === '' ? null : command })
setInterval(() => undefined, 60_000)
await new Promise((resolve) => setTimeout(resolve, Number(delay)))
const running = await engines.start(directory, { create: true, kind: command === '' ? 'compat-binding' : 'configured' })
process.stdout.write(`${running.url}\n`)
