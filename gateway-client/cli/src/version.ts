/** The version of this package. */
export function versionOf(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('@tracecal/cli/package.json') as { version: string }).version;
}
