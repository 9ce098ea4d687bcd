/** The most bytes of a file, by what it holds. A longer one is not read: it is something else, or somebody means harm. */
export const MOST_BYTES_OF = {
  operatorPin: 524_288,
  certificate: 65_536,
  ticketCounter: 4096,
} as const;
