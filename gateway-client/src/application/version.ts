/** The version of this package. */
export function versionOf(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('@tracecal/gateway-client/package.json') as { version: string }).version;
}
