import { useEffect, useState } from 'react'

/** The time now, renewed every `period` milliseconds, for texts such as "3 minutes ago". */
export function useNow(period = 30_000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), period)
    return () => clearInterval(timer)
  }, [period])
  return now
}
