import type { AllHandlers, AnyMethod, CallContext, Contract } from '../../shared/rpc/define.ts'
import { AppError, toWireError, type WireError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'

export type Reply = { ok: true; value: unknown } | { ok: false; error: WireError }

/** Answers one call by its name, such as `records.page`. Never rejects. */
export type Dispatch = (name: string, input: unknown, context: CallContext) => Promise<Reply>

type AnyHandler = (input: unknown, context: CallContext) => unknown

interface Route {
  readonly method: AnyMethod
  readonly handler: AnyHandler
}

function routesOf<C extends Contract>(contract: C, handlers: AllHandlers<C>): Map<string, Route> {
  const routes = new Map<string, Route>()
  for (const [namespace, methods] of Object.entries(contract)) {
    const own = handlers[namespace] as Record<string, AnyHandler> | undefined
    for (const [name, method] of Object.entries(methods)) {
      const handler = own?.[name]
      if (!handler) throw new Error(`No handler for ${namespace}.${name}`)
      routes.set(`${namespace}.${name}`, { method, handler })
    }
  }
  return routes
}

function describeIssues(issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
  return issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'the call'}: ${issue.message}`)
    .join('; ')
}

/**
 * Binds handlers to the contract. The only place where errors are caught: input is validated before
 * the handler runs, output after it, and whatever is thrown becomes a wire error.
 */
export function createRouter<C extends Contract>(contract: C, handlers: AllHandlers<C>): Dispatch {
  const routes = routesOf(contract, handlers)
  return async (name, input, context) => {
    try {
      const route = routes.get(name)
      if (!route) throw new AppError('not-found', `There is no method ${JSON.stringify(name)}.`)
      const parsed = route.method.input.safeParse(input)
      if (!parsed.success) {
        throw new AppError('invalid-input', `${name} was called with values it does not take (${describeIssues(parsed.error.issues)}).`)
      }
      context.signal.throwIfAborted()
      const value = await route.handler(parsed.data, context)
      const checked = route.method.output.safeParse(value)
      if (!checked.success) throw new Error(`${name} answered outside its contract (${describeIssues(checked.error.issues)})`)
      return { ok: true, value: checked.data }
    } catch (error) {
      const wire = toWireError(error)
      if (wire.code === 'internal') log.error(`${name} failed`, error)
      return { ok: false, error: wire }
    }
  }
}
