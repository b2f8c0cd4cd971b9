/** Milliseconds with as many digits as tell something: 0.42 ms, 7.3 ms, 128 ms, 2.4 s. */
export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`
  if (milliseconds >= 100) return `${Math.round(milliseconds)} ms`
  return `${milliseconds.toFixed(milliseconds >= 10 ? 0 : milliseconds >= 1 ? 1 : 2)} ms`
}
