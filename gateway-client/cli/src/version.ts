/** The oldest version of Node that this package runs on: `20.9.0`. */
export function requiredNode(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { engines } = require('@tracecal/cli/package.json') as { engines: { node: string } };
  return engines.node.replace('>=', '');
}

/** The version of this package. */
export function versionOf(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('@tracecal/cli/package.json') as { version: string }).version;
}
