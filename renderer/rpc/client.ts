import { queryOptions, type QueryClient, type UseMutationOptions } from '@tanstack/react-query'
import { contract } from '../../shared/contract/index.ts'
import { encode } from '../../shared/rpc/codec.ts'
import type { AnyMethod, InputOf, OutputOf } from '../../shared/rpc/define.ts'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'
import type { Transport } from './transport.ts'

type Shape = typeof contract
type NamesOf<Kind extends 'query' | 'mutation'> = {
  [N in keyof Shape & string]: { [M in keyof Shape[N] & string]: Shape[N][M] extends { kind: Kind } ? `${N}.${M}` : never }[keyof Shape[N] &
    string]
}[keyof Shape & string]
export type QueryName = NamesOf<'query'>
export type MutationName = NamesOf<'mutation'>
type MethodOf<Name extends string> = Name extends `${infer N}.${infer M}`
  ? N extends keyof Shape
    ? M extends keyof Shape[N]
      ? Shape[N][M] extends AnyMethod
        ? Shape[N][M]
        : never
      : never
    : never
  : never
export type Input<Name extends QueryName | MutationName> = InputOf<MethodOf<Name>>
export type Output<Name extends QueryName | MutationName> = OutputOf<MethodOf<Name>>

function methodOf(name: string): AnyMethod {
  const [namespace = '', method = ''] = name.split('.')
  const found = (contract as Record<string, Record<string, AnyMethod>>)[namespace]?.[method]
  if (!found) throw new AppError('internal', `The contract has no method ${name}.`)
  return found
}

/** Calls of the contract over one transport, ready for TanStack Query. */
export function createClient(transport: Transport, queryClient: QueryClient) {
  async function call<Name extends QueryName | MutationName>(name: Name, input: Input<Name>, signal?: AbortSignal): Promise<Output<Name>> {
    const reply = await transport.call(name, input, signal)
    if (!reply.ok) throw fromWireError(reply.error)
    return methodOf(name).output.parse(reply.value) as Output<Name>
  }

  /** Options for useQuery and fetchQuery. Keys are [namespace, method, input as text]. */
  function query<Name extends QueryName>(name: Name, input: Input<Name>) {
    const [namespace, method] = name.split('.')
    return queryOptions({
      queryKey: [namespace, method, encode(input)],
      queryFn: ({ signal }) => call(name, input, signal),
    })
  }

  /** Makes answers out of date by namespace ('records') or method ('settings.preferences'). */
  async function invalidate(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => queryClient.invalidateQueries({ queryKey: name.split('.') })))
  }

  function mutation<Name extends MutationName>(name: Name): UseMutationOptions<Output<Name>, Error, Input<Name>> {
    return {
      mutationKey: [name],
      mutationFn: (input) => call(name, input),
      onSuccess: () => invalidate(methodOf(name).invalidates),
    }
  }

  return { call, query, mutation, invalidate }
}
export type Client = ReturnType<typeof createClient>
