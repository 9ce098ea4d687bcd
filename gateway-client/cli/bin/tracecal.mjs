#!/usr/bin/env node
// npm links a command only to a file that is there when it installs, and dist/ is built afterwards.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';

const main = new URL('../dist/main.js', import.meta.url);
const verify = new URL('../dist/verify.cjs', import.meta.url);
const gate = gateOf(process.argv.slice(2));
if (gate !== undefined) {
  // A device that boots waits for this, and needs nothing else.
  process.argv.splice(2, 1);
  createRequire(import.meta.url)(gate);
} else if (process.argv[2] === 'proof' && process.argv[3] === 'verify' && existsSync(verify)) {
  // Whoever checks a bundle needs no other command.
  createRequire(import.meta.url)(fileURLToPath(verify));
} else if (existsSync(main)) {
  await import(main);
} else {
  process.stderr.write(
    'tracecal: It is not built yet: run `npm start`, or `npm ci` and `npm run build`. [NOT_BUILT]\n',
  );
  process.exitCode = 3;
}

/** The gate as one file, if that is what these words call. */
function gateOf([first, second]) {
  if (first !== 'gate' || second === undefined || second === 'ticket' || second === 'help') {
    return undefined;
  }
  const file = join(
    dirname(createRequire(import.meta.url).resolve('@tracecal/gateway-client/package.json')),
    'dist',
    'gate.cjs',
  );
  return existsSync(file) ? file : undefined;
}
