import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './pages.js';

/** Where the gate is that is one file, made anew if something in it has changed. */
export function builtGate(): string {
  execFileSync(process.execPath, [join(ROOT, '.scripts', 'gate.mjs')]);
  return join(ROOT, 'gateway-client', 'dist', 'gate.cjs');
}
