const address = /^\d{1,3}(?:\.\d{1,3}){3}$/

/** Why Chroma would refuse the name of a collection, in a sentence; null where it would not. */
export function collectionNameProblem(name: string): string | null {
  if (name.length < 3 || name.length > 512) return 'A name has 3 to 512 characters.'
  if (!/^[A-Za-z0-9._-]+$/.test(name)) return 'A name has only letters without accents, digits, dots, hyphens and underscores.'
  if (!/^[A-Za-z0-9]/.test(name) || !/[A-Za-z0-9]$/.test(name)) return 'A name begins and ends with a letter or a digit.'
  if (name.includes('..')) return 'A name cannot hold two dots in a row.'
  return address.test(name) ? 'A name cannot be an internet address.' : null
}
