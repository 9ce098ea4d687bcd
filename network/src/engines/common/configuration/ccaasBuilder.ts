import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The peer runs no chaincode itself: an external builder tells it what a package is and where its service listens. Only the peer's
 * container image includes the official builder, so a machine with just the binaries gets these scripts. The files that they copy contain
 * the peer's key for the service: only the owner may read them.
 */
const SCRIPTS = {
  // $1 source, $2 metadata
  detect: `grep -Eq '"type" *: *"ccaas"' "$2/metadata.json"`,
  // $1 source, $2 metadata, $3 output
  build: `cp "$1/connection.json" "$3/connection.json"
if [ -d "$1/META-INF" ]; then cp -R "$1/META-INF" "$3/META-INF"; fi`,
  // $1 build output, $2 release
  release: `mkdir -p "$2/chaincode/server"
cp "$1/connection.json" "$2/chaincode/server/connection.json"
if [ -d "$1/META-INF/statedb" ]; then cp -R "$1/META-INF/statedb" "$2/statedb"; fi`,
} as const;

/** Writes the builder's programs into `<folder>/bin`. */
export async function writeBuilder(folder: string): Promise<void> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await Promise.all(
    Object.entries(SCRIPTS).map(([name, script]) =>
      writeFile(join(bin, name), `#!/bin/sh\nset -eu\numask 077\n${script}\n`, { mode: 0o755 }),
    ),
  );
}
