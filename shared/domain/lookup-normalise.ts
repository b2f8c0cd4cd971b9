import { z } from 'zod'

/** What is made alike before texts are compared: all that is on, in this order. */
export const normalisationSchema = z.object({
  /** Unicode's compatibility form NFKC, so that full-width letters and ligatures equal plain ones. */
  unicode: z.boolean(),
  lowerCase: z.boolean(),
  /** Punctuation and symbols count as white space. */
  stripPunctuation: z.boolean(),
  collapseSpace: z.boolean(),
  trim: z.boolean(),
})
export type Normalisation = z.infer<typeof normalisationSchema>

/** A text as the exact layer of a cache compares it. */
export function normaliseText(text: string, options: Normalisation): string {
  let result = text
  if (options.unicode) result = result.normalize('NFKC')
  if (options.lowerCase) result = result.toLowerCase()
  if (options.stripPunctuation) result = result.replaceAll(/[^\p{L}\p{M}\p{N}\s]+/gu, ' ')
  if (options.collapseSpace) result = result.replaceAll(/\s+/gu, ' ')
  if (options.trim) result = result.trim()
  return result
}
