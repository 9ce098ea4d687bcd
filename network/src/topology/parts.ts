import { z } from 'zod';
import { SHORT_NAME } from './names.js';

// Names become paths, host names and parts of certificates: the patterns exclude separators and names of dots only.
export const shortName = z
  .string()
  .regex(SHORT_NAME, 'must be lower-case letters, digits and single hyphens')
  .max(63, 'must have at most 63 characters');
export const port = wholeNumber(1, 65_535);
export const DNS_NAME = /^(?!\d+(?:\.\d+)*$)[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*$/;

export function wholeNumber(least: number, most: number) {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `between ${least} and ${most}`;
  const sentence = `must be a whole number ${range}`;
  return z.int(sentence).min(least, sentence).max(most, sentence);
}
