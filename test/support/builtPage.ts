import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './pages.js';

/** Where the page that checks bundles is, made anew if something in it has changed. */
export function builtPage(): string {
  execFileSync(process.execPath, [join(ROOT, '.scripts', 'page.mjs')]);
  return join(ROOT, 'gateway-client', 'dist', 'page', 'index.html');
}
