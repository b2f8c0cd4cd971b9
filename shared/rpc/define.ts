import type { z } from 'zod'

/** A method of the contract: what goes in, what comes out, and what it makes out of date. */
export interface Method<Kind extends 'query' | 'mutation', Input extends z.ZodType, Output extends z.ZodType> {
  readonly kind: Kind
  readonly input: Input
  readonly output: Output
  /** Names of queries, or whole namespaces, whose answers may differ after this mutation. */
  readonly invalidates: readonly string[]
}

export type AnyMethod = Method<'query' | 'mutation', z.ZodType, z.ZodType>
export type Contract = Readonly<Record<string, Readonly<Record<string, AnyMethod>>>>

/** Declares a method that only reads. */
export function query<Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output): Method<'query', Input, Output> {
  return { kind: 'query', input, output, invalidates: [] }
}

/** Declares a method that changes something, and which queries must be asked again afterwards. */
export function mutation<Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
  invalidates: readonly string[] = [],
): Method<'mutation', Input, Output> {
  return { kind: 'mutation', input, output, invalidates }
}

export type InputOf<M extends AnyMethod> = z.input<M['input']>
export type OutputOf<M extends AnyMethod> = z.output<M['output']>

export interface CallContext {
  /** Aborted when the caller is no longer interested. */
  readonly signal: AbortSignal
}

/** The handlers a namespace needs: leave one out and the type check fails. */
export type Handlers<Namespace extends Readonly<Record<string, AnyMethod>>> = {
  readonly [Name in keyof Namespace]: (
    input: z.output<Namespace[Name]['input']>,
    context: CallContext,
  ) => Promise<z.input<Namespace[Name]['output']>> | z.input<Namespace[Name]['output']>
}

export type AllHandlers<C extends Contract> = { readonly [Name in keyof C]: Handlers<C[Name]> }
