import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/** Files that a fresh process has loaded after this. */
function loadedAfter(script: string): readonly string[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['-e', `${script}; console.log(JSON.stringify(Object.keys(require.cache)))`],
    { cwd: __dirname, encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as string[];
}

const HEAVY = /node_modules\/(?:pkijs|asn1js|fontoxpath|slimdom|libxml2-wasm)\//;

describe('the libraries for seals and schemas', () => {
  it('are not loaded when a program starts, only when something is verified', () => {
    const loaded = loadedAfter("require('@tracecal/gateway-client/dcc'); require('@tracecal/cli')");
    assert.ok(loaded.some((path) => path.includes('node_modules/saxes/')));
    assert.deepEqual(
      loaded.filter((path) => HEAVY.test(path)),
      [],
    );
    assert.ok(loadedAfter("require('pkijs')").some((path) => HEAVY.test(path)));
  });
});
