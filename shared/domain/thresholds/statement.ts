import { labelCodes, labelSources, type Evidence } from './evidence.ts'
import type { Certified } from './certified-threshold.ts'
import type { Guarantee } from './guarantee.ts'

function percent(share: number): string {
  const value = share * 100
  return `${Number(value.toFixed(value < 10 ? 1 : 0))}%`
}

/** How many of the labels that were looked at are weak. */
export type WeakShare = 'none' | 'some' | 'all'

export function weakShareOf({ label, source }: Pick<Evidence, 'label' | 'source'>): WeakShare {
  const weak = labelSources.indexOf('weak')
  let [labelled, found] = [0, 0]
  for (const [at, code] of label.entries()) {
    if (code === labelCodes.unknown) continue
    labelled += 1
    if (source[at] === weak) found += 1
  }
  return found === 0 ? 'none' : found === labelled ? 'all' : 'some'
}

const weakWords: Readonly<Record<WeakShare, string>> = { none: '', some: ', some of them weak', all: ', all of them weak' }

/** What may be said of a certified threshold, or what is missing to say it, in a sentence. Labels that nobody gave are named so. */
export function certifiedStatement(certified: Certified, { of, bound, confidence }: Guarantee, weak: WeakShare): string {
  const promise = `at most ${percent(bound)} of ${of} with ${percent(confidence)} confidence`
  if (certified.outcome === 'certified') {
    const { threshold, hitRate, labels } = certified.level
    const hits = hitRate === null ? '' : ` ${percent(hitRate)} hits,`
    return `At ${threshold}:${hits} wrong answers ${promise}, from ${labels.toLocaleString('en')} ${labels === 1 ? 'label' : 'labels'}${weakWords[weak]}.`
  }
  if (certified.outcome === 'bound-exceeded')
    return `No threshold keeps wrong answers to ${promise}: among the labels they are more, even where lookups are most similar.`
  return certified.more === null
    ? `Not enough labels to keep wrong answers to ${promise}, and how many more cannot be told.`
    : `Not enough labels to keep wrong answers to ${promise}: about ${certified.more} more.`
}
