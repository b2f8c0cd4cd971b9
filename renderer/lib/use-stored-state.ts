import { useCallback, useState } from 'react'
import type { z } from 'zod'

function read<Value>(key: string, schema: z.ZodType<Value>, fallback: Value): Value {
  const text = localStorage.getItem(key)
  if (text === null) return fallback
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : fallback
  } catch {
    return fallback
  }
}

/** State of this window that outlives a reload. What is found in storage is checked; the fallback takes its place where it does not fit. */
export function useStoredState<Value>(key: string, schema: z.ZodType<Value>, fallback: Value): [Value, (value: Value) => void] {
  const [value, setValue] = useState(() => read(key, schema, fallback))
  const store = useCallback(
    (next: Value) => {
      setValue(next)
      localStorage.setItem(key, JSON.stringify(next))
    },
    [key],
  )
  return [value, store]
}
