/** Most levels of lists and conditions that a filter may nest. People need five; the stack of a browser takes a few thousand. */
export const maxNesting = 100

export const tooDeep = `A filter nests at most ${maxNesting} levels deep.`

/** Whether `$and` and `$or` of a filter's tree stand in one another more than `most` times. Takes any value and never recurses. */
export function nestsTooDeeply(tree: unknown, most: number): boolean {
  let level: unknown[] = [tree]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true
    level = level.flatMap((node) =>
      typeof node === 'object' && node !== null && 'clauses' in node && Array.isArray(node.clauses) ? node.clauses : [],
    )
  }
  return false
}
