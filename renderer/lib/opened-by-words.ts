/** Which other processes have a store open, and what is not known of that. */
export function openedByWords({ openedBy, openedByUnknown }: { openedBy: readonly string[]; openedByUnknown: string | null }): string {
  return openedBy.length > 0 ? openedBy.join(', ') : (openedByUnknown ?? 'No other process has it open')
}
