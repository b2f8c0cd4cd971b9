import type { Certified } from './certified-threshold.ts'
import type { Guarantee } from './guarantee.ts'

function percent(share: number): string {
  const value = share * 100
  return `${Number(value.toFixed(value < 10 ? 1 : 0))}%`
}

/** What may be said of a certified threshold, or what is missing to say it, in a sentence. */
export function certifiedStatement(certified: Certified, { of, bound, confidence }: Guarantee): string {
  const promise = `at most ${percent(bound)} of ${of} with ${percent(confidence)} confidence`
  if (certified.outcome === 'certified') {
    const { threshold, hitRate, labels } = certified.level
    const hits = hitRate === null ? '' : ` ${percent(hitRate)} hits,`
    return `At ${threshold}:${hits} wrong answers ${promise}, from ${labels.toLocaleString('en')} ${labels === 1 ? 'label' : 'labels'}.`
  }
  if (certified.outcome === 'bound-exceeded')
    return `No threshold keeps wrong answers to ${promise}: among the labels they are more, even where lookups are most similar.`
  return certified.more === null
    ? `Not enough labels to keep wrong answers to ${promise}, and how many more cannot be told.`
    : `Not enough labels to keep wrong answers to ${promise}: about ${certified.more} more.`
}
