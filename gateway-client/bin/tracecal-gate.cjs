#!/usr/bin/env node
// npm links a command only to a file that is there when it installs, and dist/ is built afterwards.
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const gate = join(__dirname, '..', 'dist', 'gate.cjs');
if (existsSync(gate)) {
  require(gate);
} else {
  // Fail closed: this is the gate's own code for what is missing.
  process.stderr.write(
    'tracecal-gate: outcome=broken code=109 why="It is not built yet: run `npm ci` and `npm run build`."\n',
  );
  process.exitCode = 109;
}
