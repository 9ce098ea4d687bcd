// Runs the tests that need only Node in two parallel processes: one mostly computes, the other mostly waits for networks. The second report
// is printed after the first. Arguments (`npm test -- --grep word`) go to both.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Test folders for the computing process only. Both processes run the other files that .mocharc.json names. */
const COMPUTING = ['unit', 'conformance'];
const WAITING = ['scenarios', 'faults'];

const computing = mocha(WAITING, 'inherit');
const waiting = mocha(COMPUTING, 'pipe');
const held = [];
let isFirstDone = false;
for (const [from, to] of [
  [waiting.child.stdout, process.stdout],
  [waiting.child.stderr, process.stderr],
]) {
  from.on('data', (chunk) => (isFirstDone ? to.write(chunk) : held.push([to, chunk])));
}

const codes = [await computing.ended];
isFirstDone = true;
held.forEach(([to, chunk]) => to.write(chunk));
codes.push(await waiting.ended);
process.exitCode = Math.max(...codes);

/** @returns Its process, and a promise of its exit code, which resolves when all its output has been read */
function mocha(leftOut, output) {
  const program = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const ignored = leftOut.flatMap((folder) => ['--ignore', `test/dist/${folder}/**`]);
  const colour = process.stdout.isTTY ? ['--color'] : [];
  const child = spawn(process.execPath, [program, ...ignored, ...colour, ...process.argv.slice(2)], {
    cwd: root,
    stdio: ['ignore', output, output],
  });
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1))) };
}
