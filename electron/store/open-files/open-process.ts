/** A process that has files of a store open. */
export interface OpenProcess {
  readonly pid: number
  readonly name: string
  /** The processes that it comes from, and the first one of its process group: whoever of them is the app's makes it the app's. */
  readonly relatives: readonly number[]
}

/** What one look at all processes has found. */
export interface Seen {
  readonly processes: readonly OpenProcess[]
  /** Files of other users' processes could not be seen. */
  readonly isPartial: boolean
}

/** Processes above one, the nearest first, given who started whom. */
export function ancestorsOf(pid: number, parentOf: (pid: number) => number): number[] {
  const ancestors: number[] = []
  for (let each = parentOf(pid); each > 1 && !ancestors.includes(each); each = parentOf(each)) ancestors.push(each)
  return ancestors
}
