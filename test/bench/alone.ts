/** Prints the lines of a benchmark whose file was started by itself. */
export function printAlone(file: NodeJS.Module, numbers: () => Promise<readonly string[]>): void {
  if (require.main !== file) return;
  numbers().then(
    (lines) => process.stdout.write(`${lines.join('\n')}\n`),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
