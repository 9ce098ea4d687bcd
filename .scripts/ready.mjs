// Makes a checkout ready to run: installs and builds what is missing. Needs nothing but Node and npm.
// Progress goes to stderr, so that `npm start -- --json` keeps stdout for its one document.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installed = join(root, 'node_modules', '.tracecal-installed');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 9)) {
  stop(`TraceCal needs Node 20.9 or newer, and this is ${process.version}: install a newer Node and run this again.`);
}

const lockfile = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lockfile) {
  say('Installing dependencies (once) ...');
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund'], 'npm ci failed');
  writeFileSync(installed, lockfile);
}

say('Building ...');
run(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-b'], 'The build failed');

function run(command, args, failure) {
  // The child's stdout joins our stderr.
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    stop(`${failure}: see the lines above.`);
  }
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function stop(line) {
  say(line);
  process.exit(1);
}
