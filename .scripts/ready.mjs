// Makes a checkout ready to run: installs and builds what is missing. Needs nothing but Node and npm.
// Progress goes to stderr, so that `npm start --silent -- --json` keeps stdout for its one document.
import { spawn } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Progress } from './progress.mjs';
import { removeStaleTests } from './staleTests.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 9)) {
  stop(`TraceCal needs Node 20.9 or newer, and this is ${process.version}: install a newer Node and run this again.`);
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
const steps = [
  ...(isInstalled()
    ? []
    : [{ what: 'Installing dependencies (once)', command: npm, args: ['ci', '--no-audit', '--no-fund'] }]),
  { what: 'Building', command: process.execPath, args: [tsc, '-b', '--verbose'], detailOf: projectBuilt },
  { what: 'Building the page that checks proofs', command: process.execPath, args: [join('.scripts', 'page.mjs')] },
  { what: 'Building the boot gate', command: process.execPath, args: [join('.scripts', 'gate.mjs')] },
  { what: 'Building the verifier', command: process.execPath, args: [join('.scripts', 'verify.mjs')] },
];
for (const [index, step] of steps.entries()) {
  await run({ ...step, what: steps.length > 1 ? `${index + 1}/${steps.length} ${step.what}` : step.what });
}

removeStaleTests(join(root, 'test'));

/**
 * Whether the installed packages match the lockfile. npm records at the end of every install what it installed; like npm, ignore that
 * record if a package was changed later.
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

/** All packages except the project and its workspaces, which are folders of the checkout. */
function packagesIn(lockfile) {
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8'));
  return new Map(Object.entries(packages).filter(([path]) => path.includes('node_modules/')));
}

/** Runs a step and shows its duration. Shows the output of the step only if it fails. */
async function run({ what, command, args, detailOf = () => undefined }) {
  const progress = new Progress(what);
  const printed = [];
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      printed.push(text);
      const [detail] = text
        .split('\n')
        .flatMap((line) => detailOf(line) ?? [])
        .slice(-1);
      if (detail !== undefined) progress.at(detail);
    });
  }
  const status = await new Promise((resolve) => {
    child.once('close', resolve).once('error', (error) => {
      printed.push(`${error.message}\n`);
      resolve(1);
    });
  });
  progress.end(status === 0 ? 'done' : 'failed');
  if (status !== 0) {
    process.stderr.write(
      printed
        .join('')
        .split('\n')
        .filter((line) => !isNarration(line))
        .join('\n'),
    );
    stop(`${what}: ${command === npm ? 'npm ci' : 'the build'} failed: see the lines above.`);
  }
}

/** `tsc -b --verbose` names the project that it builds. */
function projectBuilt(line) {
  const [, file] = /Building project '(.+)'/.exec(line) ?? [];
  return file === undefined ? undefined : relative(root, dirname(file)) || 'all';
}

function isNarration(line) {
  return / - (?:Projects? |Building project |Updating )/.test(line) || /^ {4}\* .*tsconfig/.test(line);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function stop(line) {
  say(line);
  process.exit(1);
}
