#!/usr/bin/env node
// npm links a command only to a file that is there when it installs, and dist/ is built afterwards.
import { existsSync } from 'node:fs';
import { URL } from 'node:url';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main);
} else {
  process.stderr.write(
    'tracecal: It is not built yet: run `npm start`, or `npm ci` and `npm run build`. [NOT_BUILT]\n',
  );
  process.exitCode = 3;
}
