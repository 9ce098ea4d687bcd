// Runs applications and tests that others wrote for Fabric: `npm run test:peers -- --sources DIR`. Further arguments are mocha's.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, tokens } = parseArgs({
  options: { sources: { type: 'string' }, engine: { type: 'string', default: 'embedded' } },
  strict: false,
  tokens: true,
});
const own = new Set(tokens.filter(({ name }) => name === 'sources' || name === 'engine').map(({ index }) => index));
const ownValues = new Set(
  tokens
    .filter(({ name, inlineValue }) => (name === 'sources' || name === 'engine') && inlineValue === false)
    .map(({ index }) => index + 1),
);
const given = process.argv.slice(2).filter((_, index) => !own.has(index) && !ownValues.has(index));

const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const child = spawn(process.execPath, [mocha, '--config', join(root, '.mocharc.peers.json'), ...given], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    TRACECAL_ENGINE: String(values.engine),
    ...(typeof values.sources === 'string' && { TRACECAL_SOURCES: resolve(values.sources) }),
  },
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
