// Runs tests in as many processes as there are processors: one after another takes a folder of unit tests, a file of the others, or several
// small ones, since starting a process and loading what it tests takes longer than most tests.
// What fails beside others is run once more alone at the end, and said out loud: a busy machine may have been the reason, or a fault that comes
// and goes. Arguments: what the paths below test/dist begin with; then, from the first option on, what mocha takes (`npm test -- --grep word`).
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Groups that take longest, whatever their size. */
const LONGEST = ['unit/proof', 'unit/trace', 'unit/registry', 'unit/replica', 'unit/engines'];
/** Bytes of compiled tests up to which a group shares its process, and about how many share one. */
const [SMALL, SHARED] = [50_000, 100_000];
const compiled = join(root, 'test', 'dist');
const given = process.argv.slice(2);
const firstOption = given.findIndex((word) => word.startsWith('-'));
const wanted = firstOption < 0 ? given : given.slice(0, firstOption);
const options = firstOption < 0 ? [] : given.slice(firstOption);

const folder = mkdtempSync(join(tmpdir(), 'tracecal-tests-'));
const started = Date.now();
const groups = groupsOf(testFiles());
/** Lines of counts of all that is over. */
const counts = [];
const toRepeat = [];
let runs = 0;
await Promise.all(
  Array.from({ length: Math.min(availableParallelism(), groups.length) }, async () => {
    for (let files = groups.shift(); files; files = groups.shift()) {
      const { failure, counted } = await run(files);
      if (failure === undefined) counts.push(counted);
      else toRepeat.push({ files, failure });
    }
  }),
);
const failures = [];
for (const { files, failure } of toRepeat) {
  console.log(`  Once more, alone: ${nameOf(files)}`);
  const again = await run(files);
  counts.push(again.counted);
  if (again.failure === undefined) {
    console.log(`  ! ${nameOf(files)} failed at first, beside others:\n${failure}`);
  } else {
    failures.push(again.failure);
  }
}
// Last, so that nobody has to search for them.
failures.forEach((output) => process.stdout.write(`\n${output}`));
const [passed, failed, skipped] = total();
rmSync(folder, { recursive: true });
const seconds = Math.round((Date.now() - started) / 1000);
console.log(`\n  ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`);
process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;

function testFiles() {
  return readdirSync(compiled, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.test.js') && wanted.some((start) => path.startsWith(start)))
    .sort();
}

/** The longest first, then the largest: a long one that begins last would keep the other processes waiting. */
function groupsOf(paths) {
  const byName = new Map();
  for (const path of paths) {
    const [kind, name] = path.split('/');
    const group = kind === 'unit' ? `${kind}/${name}` : path;
    byName.set(group, [...(byName.get(group) ?? []), join(compiled, path)]);
  }
  const place = (name) => (LONGEST.includes(name) ? LONGEST.indexOf(name) : LONGEST.length);
  const sorted = [...byName].sort(
    ([one, own], [other, others]) => place(one) - place(other) || size(others) - size(own),
  );
  const isSmall = ([name, files]) => !LONGEST.includes(name) && size(files) <= SMALL && name.startsWith('unit/');
  return [
    ...sorted.filter((each) => !isSmall(each)).map(([, files]) => files),
    ...sharing(sorted.filter(isSmall).map(([, files]) => files)),
  ];
}

/** Small groups in as few lists as their size allows. */
function sharing(groups) {
  const lists = [];
  for (const files of groups) {
    const list = lists.find((others) => size(others) + size(files) <= SHARED);
    if (list) list.push(...files);
    else lists.push([...files]);
  }
  return lists;
}

function size(files) {
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}

function nameOf(files) {
  const paths = files.map((file) => relative(root, file));
  return paths.length === 1 ? paths[0] : [...new Set(paths.map((path) => dirname(path)))].join(', ');
}

/** What it has counted, and what it said if it failed. */
async function run(files) {
  const own = join(folder, `counts-${(runs += 1)}`);
  // What bin/mocha.js starts: it loads the configuration in a process that then only waits for another one with this option of Node.
  const mocha = ['--enable-source-maps', join('node_modules', 'mocha', 'lib', 'cli', 'cli.js')];
  const paths = files.map((file) => relative(root, file));
  const child = spawn(
    process.execPath,
    [...mocha, ...(process.stdout.isTTY ? ['--color'] : []), ...options, ...paths],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TRACECAL_TEST_COUNTS: own, TRACECAL_TEST_SUMMARY: 'none' },
    },
  );
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  const text = String(Buffer.concat(output));
  if (code === 0) process.stdout.write(text);
  else console.log(`  ✖ ${nameOf(files)}: see the end`);
  return {
    counted: readFileSync(own, { encoding: 'utf8', flag: 'a+' }),
    failure: code === 0 ? undefined : text,
  };
}

/** What all processes have counted. Handed on, if somebody else counts too. */
function total() {
  const lines = counts.join('');
  if (process.env.TRACECAL_TEST_COUNTS) appendFileSync(process.env.TRACECAL_TEST_COUNTS, lines);
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ').map(Number))
    .reduce((sums, line) => sums.map((sum, index) => sum + line[index]), [0, 0, 0]);
}
