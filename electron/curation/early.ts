/** Work that is begun now and awaited later: should it fail before, that is no failure that nobody looks at. */
export function early<Value>(work: Promise<Value>): Promise<Value> {
  work.catch(() => undefined)
  return work
}

/** The same values one by one, with the next one being made while the last one is used. */
export async function* readAhead<Value>(values: AsyncIterable<Value> | Iterable<Value>): AsyncGenerator<Value> {
  const iterator = Symbol.asyncIterator in values ? values[Symbol.asyncIterator]() : values[Symbol.iterator]()
  const step = (): Promise<IteratorResult<Value>> => early(Promise.resolve(iterator.next()))
  let next = step()
  try {
    for (let { done, value } = await next; done !== true; { done, value } = await next) {
      next = step()
      yield value
    }
  } finally {
    await Promise.allSettled([next])
    await iterator.return?.()
  }
}
