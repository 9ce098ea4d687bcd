import { MAX_DIRECTIVE_CHARACTERS } from '@tracecal/core/directives';

/** The most bytes of a file, by what it holds. A longer one is not read: it is something else, or somebody means harm. */
export const MOST_BYTES_OF = {
  operatorPin: 524_288,
  /** Of a directive in a file, in characters of up to four bytes. */
  directive: 4 * MAX_DIRECTIVE_CHARACTERS,
  /** Of a file about the directives of a folder: their export, and what was seen of them. */
  directiveNumbers: 16_777_216,
  certificate: 65_536,
  ticketCounter: 4096,
} as const;
