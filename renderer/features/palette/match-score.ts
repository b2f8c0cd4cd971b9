/** How well typed words fit a name: 0 where one of them is not in it, 1 where the name starts with the first, 0.5 otherwise. */
export function matchScore(name: string, search: string): number {
  const text = name.toLowerCase()
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.every((word) => text.includes(word))) return 0
  return text.startsWith(words[0] ?? '') ? 1 : 0.5
}
