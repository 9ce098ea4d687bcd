import { compareUtf8 } from '@tracecal/ledger/wire';

/** Entries of a map in the order of their keys' UTF-8 bytes. */
export function sortedEntries<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([left], [right]) => compareUtf8(left, right));
}
