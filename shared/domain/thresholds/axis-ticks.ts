const steps = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]

/** Round numbers from `from` to `to` to write on an axis of similarities or shares, seven at most. */
export function axisTicks(from: number, to: number, most = 7): number[] {
  const step = steps.find((size) => (to - from) / size <= most) ?? 0.5
  const first = Math.ceil(from / step - 1e-9)
  const count = Math.max(0, Math.floor(to / step + 1e-9) - first + 1)
  return Array.from({ length: count }, (_, at) => Number(((first + at) * step).toFixed(6)))
}

/** The next round share at or above one, such that few round ticks lead to it. */
export function roundTop(share: number): number {
  const step = steps.find((size) => share / size <= 5) ?? 0.5
  return Math.min(1, Number((Math.ceil(share / step - 1e-9) * step).toFixed(6)))
}
