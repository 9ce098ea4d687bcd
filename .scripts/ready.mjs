// Makes a checkout ready to run: installs and builds what is missing. Needs nothing but Node and npm.
// Progress goes to stderr, so that `npm start -- --json` keeps stdout for its one document.
import { spawnSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 9)) {
  stop(`TraceCal needs Node 20.9 or newer, and this is ${process.version}: install a newer Node and run this again.`);
}

if (!isInstalled()) {
  say('Installing dependencies (once) ...');
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund'], 'npm ci failed');
}

say('Building ...');
run(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-b'], 'The build failed');

/**
 * Whether what npm installed is what the lockfile asks for, whoever had it installed. npm writes down at the end of every
 * install what is there; a package that was touched after that makes the record worthless, as npm itself sees it.
 */
function isInstalled() {
  try {
    const record = join(root, 'node_modules', '.package-lock.json');
    const wanted = packagesIn(join(root, 'package-lock.json'));
    const present = packagesIn(record);
    const written = lstatSync(record).mtimeMs;
    return (
      [...wanted].every(([path, { version, integrity, optional }]) => {
        const found = present.get(path);
        return found ? found.version === version && found.integrity === integrity : optional === true;
      }) && [...present.keys()].every((path) => wanted.has(path) && lstatSync(join(root, path)).mtimeMs <= written)
    );
  } catch {
    return false;
  }
}

/** All but the project itself and its workspaces, which are folders of the checkout. */
function packagesIn(lockfile) {
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8'));
  return new Map(Object.entries(packages).filter(([path]) => path.includes('node_modules/')));
}

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
