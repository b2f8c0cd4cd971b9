import { normaliseKey, type CollectionShape, type FieldShape } from './shape.ts'

/** One thing that speaks for a profile. */
export interface Evidence {
  /** How far it convinces alone, 0 to 1. */
  readonly weight: number
  /** A sentence for the person where it holds, null where it does not. */
  readonly find: (shape: CollectionShape) => string | null
}

function shownName({ field }: FieldShape): string {
  return field.path === null ? field.key : `${field.path} inside ${field.key}`
}

/** The first of these keys that a fair part of the records has; JSON inside a value counts too. */
export function findKey(shape: CollectionShape, names: readonly string[]): FieldShape | null {
  for (const name of names.map(normaliseKey)) {
    const found = shape.fields.find((field) => field.name === name && (field.share >= 0.3 || shape.sampled === 0))
    if (found !== undefined) return found
  }
  return null
}

export function key(weight: number, names: readonly string[], meaning: string): Evidence {
  return {
    weight,
    find: (shape) => {
      const found = findKey(shape, names)
      return found && `The key ${shownName(found)} ${meaning}.`
    },
  }
}

export function named(weight: number, pattern: RegExp): Evidence {
  return { weight, find: (shape) => (pattern.test(shape.name) ? `The collection is called ${shape.name}.` : null) }
}

export function collectionKey(weight: number, names: readonly string[]): Evidence {
  return {
    weight,
    find: (shape) => {
      const found = [...shape.metadata.keys()].find((name) => names.includes(name))
      return found === undefined ? null : `The collection's own metadata has ${found}.`
    },
  }
}

export function when(weight: number, holds: (shape: CollectionShape) => boolean, sentence: string): Evidence {
  return { weight, find: (shape) => (holds(shape) ? sentence : null) }
}

/** Evidence adds up as independent witnesses would: 1 - (1 - a)(1 - b)... */
export function weigh(evidence: readonly Evidence[], shape: CollectionShape): { confidence: number; reasons: string[] } {
  let doubt = 1
  const reasons: string[] = []
  for (const { weight, find } of evidence) {
    const reason = find(shape)
    if (reason === null) continue
    doubt *= 1 - weight
    reasons.push(reason)
  }
  return { confidence: 1 - doubt, reasons }
}
