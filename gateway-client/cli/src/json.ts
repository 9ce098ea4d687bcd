/** JSON as the command line prints it: indented, big integers as numbers where they fit. */
export function printedJson(document: unknown): string {
  return JSON.stringify(document, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value), 2);
}
