#!/usr/bin/env node
import { runCli } from './program.js';

// Whoever reads the output may stop reading (`tracecal history x | head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
});

void runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  environment: process.env,
}).then((code) => {
  process.exitCode = code;
});
