import { expect, test } from 'vitest'
import { z } from 'zod'
import { createRouter } from '../../electron/rpc/router.ts'
import { mutation, query } from '../../shared/rpc/define.ts'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'

const contract = {
  sums: {
    add: query(z.object({ a: z.number(), b: z.number().int().min(0) }), z.object({ sum: z.number() })),
    fail: mutation(z.object({ how: z.string() }), z.object({})),
    wait: query(z.object({}), z.string()),
    lie: query(z.object({}), z.number()),
  },
}

const dispatch = createRouter(contract, {
  sums: {
    add: ({ a, b }) => ({ sum: a + b, secret: 'not in the contract' }),
    fail: ({ how }) => {
      if (how === 'expected') throw new AppError('busy', 'It is in use.', 'Wait.')
      if (how === 'abort') throw new DOMException('stopped', 'AbortError')
      throw new TypeError('x is not a function')
    },
    wait: (_input, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    lie: () => 'three' as never,
  },
})

const quiet = { signal: new AbortController().signal }

test('a valid call is answered, without what the contract does not name', async () => {
  expect(await dispatch('sums.add', { a: 1, b: 2 }, quiet)).toEqual({ ok: true, value: { sum: 3 } })
})

test('input outside the contract is refused before the handler runs, with the place of the mistake', async () => {
  for (const input of [undefined, null, [], 'a', 1, {}, { a: 1 }, { a: '1', b: 2 }, { a: 1, b: -1 }, { a: 1, b: 1.5 }, { a: NaN, b: 1 }]) {
    const reply = await dispatch('sums.add', input, quiet)
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
  }
  const reply = await dispatch('sums.add', { a: 1, b: 'x' }, quiet)
  expect(reply.ok ? '' : reply.error.message).toContain('b:')
})

test('names that no method has are not found, whatever they are', async () => {
  for (const name of [
    '',
    'sums',
    'sums.',
    '.add',
    'sums.subtract',
    'sums.add.x',
    '__proto__.toString',
    'sums.constructor',
    'constructor.name',
    'sums.__proto__',
  ]) {
    expect(await dispatch(name, {}, quiet)).toMatchObject({ ok: false, error: { code: 'not-found' } })
  }
})

test('an expected failure keeps its code, sentence and remedy; any other becomes internal; abort becomes cancelled', async () => {
  expect(await dispatch('sums.fail', { how: 'expected' }, quiet)).toEqual({
    ok: false,
    error: { code: 'busy', message: 'It is in use.', remedy: 'Wait.' },
  })
  expect(await dispatch('sums.fail', { how: 'bug' }, quiet)).toMatchObject({ ok: false, error: { code: 'internal' } })
  expect(await dispatch('sums.fail', { how: 'abort' }, quiet)).toMatchObject({ ok: false, error: { code: 'cancelled' } })
})

test('an answer outside the contract never reaches the caller', async () => {
  expect(await dispatch('sums.lie', {}, quiet)).toMatchObject({ ok: false, error: { code: 'internal' } })
})

test('a call is cancelled by its signal, before it runs and while it runs', async () => {
  const controller = new AbortController()
  const running = dispatch('sums.wait', {}, { signal: controller.signal })
  controller.abort()
  expect(await running).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  expect(await dispatch('sums.add', { a: 1, b: 1 }, { signal: controller.signal })).toMatchObject({
    ok: false,
    error: { code: 'cancelled' },
  })
})

test('a missing handler is noticed when the router is made', () => {
  expect(() => createRouter(contract, { sums: {} } as never)).toThrow('sums.')
})

test('an error that cannot be read becomes an internal one', () => {
  for (const value of [undefined, null, 'x', {}, { code: 'no-such-code', message: 'a', remedy: null }])
    expect(fromWireError(value).code).toBe('internal')
})
