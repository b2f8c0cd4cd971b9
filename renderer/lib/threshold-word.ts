import { z } from 'zod'

/** A similarity threshold as an address says it: a decimal number from -1 to 1. */
export const thresholdWord = z
  .string()
  .regex(/^-?(?:0?\.\d{1,6}|[01](?:\.\d{1,6})?)$/)
  .refine((text) => Math.abs(Number(text)) <= 1)
  .optional()
  .catch(undefined)
