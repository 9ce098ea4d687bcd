import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { tracecal } from '../../support/commandLine.js';
import { ROOT } from '../../support/pages.js';
import { builtGate } from '../../support/builtGate.js';

const BIN = join(ROOT, 'gateway-client', 'cli', 'bin', 'tracecal.mjs');

describe('tracecal gate', function () {
  this.timeout(60_000);

  it('lists its options in the help of the command line', async () => {
    const { code, stdout } = await tracecal(['gate', '--help']);
    assert.equal(code, 0);
    for (const each of ['--trust <file>', '--grace <span>', '--override <file>', 'watch', 'refresh', 'ticket']) {
      assert.ok(stdout.includes(each), each);
    }
  });

  for (const words of [
    ['gate', 'oem-a/x', '--', 'true'],
    ['gate', '--loud'],
    ['gate', 'oem-a/x', '--accept', 'FAILED', '--', 'true'],
    ['gate', 'oem-a/x', '--trust'],
    ['gate', 'watch', 'oem-a/x', '--trust', 'nowhere.json', '--bundle', 'nowhere.json', '--', 'true'],
    ['gate', 'refresh', '--loud'],
    ['gate', 'refresh', 'oem-a/x', '--trust', 'nowhere.json', '--bundle', 'nowhere.json', '--log', 'nowhere'],
  ]) {
    it(`has the exit codes of the gate, whoever reads its words: ${words.slice(0, 2).join(' ')}`, async () => {
      const { code, stderr } = await tracecal(words);
      assert.equal(code, 109, stderr);
      const line =
        words[1] === 'refresh' ? /^tracecal-gate: refreshed=no / : /^tracecal-gate: outcome=broken code=109 /;
      assert.match(stderr, line);
      builtGate();
      const direct = spawnSync(process.execPath, [BIN, ...words], { encoding: 'utf8' });
      assert.equal(direct.status, 109);
      assert.match(direct.stderr, line);
    });
  }

  it('is the same as tracecal-gate, which is installed with the SDK and loads nothing else', () => {
    const program = join(ROOT, 'gateway-client', 'bin', 'tracecal-gate.cjs');
    const { status, stdout } = spawnSync(process.execPath, [program, '--help'], { encoding: 'utf8' });
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: tracecal-gate [^]*tracecal gate ticket/);
    const refresh = spawnSync(process.execPath, [program, 'refresh', '--help'], { encoding: 'utf8' });
    assert.match(refresh.stdout, /Exit codes: 0, or 109 where nothing was fetched\.\n/);
    const loaded = 'process.on("exit", () => console.log(Object.keys(require.cache).length))';
    const hook = `data:text/javascript,import { createRequire } from 'node:module'; const require = createRequire('${join(dirname(program), 'x.cjs')}'); ${encodeURIComponent(loaded)}`;
    const counted = spawnSync(process.execPath, ['--import', hook, program, '--help'], { encoding: 'utf8' });
    assert.equal(counted.stdout.trim().split('\n').at(-1), '2', counted.stderr);
  });
});
