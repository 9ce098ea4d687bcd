import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const SCRIPT = join(dirname(require.resolve('@tracecal/test/package.json')), '..', '.scripts', 'progress.mjs');

/** What a step writes on a stream of this kind. */
function written(stream: object): string {
  const program = `
    import { Progress } from ${JSON.stringify(pathToFileURL(SCRIPT).href)};
    let text = '';
    const progress = new Progress('1/2 Building', { ...${JSON.stringify(stream)}, write: (more) => { text += more; } });
    progress.at('gateway-client/cli');
    progress.end();
    console.log(JSON.stringify(text));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as string;
}

describe('The progress of npm start', () => {
  before(function () {
    if (!existsSync(SCRIPT)) {
      console.log('      SKIPPED: the scripts of the checkout are not here');
      this.skip();
    }
  });

  it('is plain lines where no line can be updated: what has begun, and that it is done', () => {
    assert.match(written({}), /^1\/2 Building \.\.\.\n1\/2 Building: done in \d+ s\n$/);
  });

  it('is one line on a terminal, with what the step is at, that never takes a second one', () => {
    const wide = written({ isTTY: true, columns: 80 });
    assert.match(wide, /1\/2 Building \.\.\. \d+ s {2}gateway-client\/cli/);
    assert.equal(wide.split('\n').length, 2, 'one line, ended once');
    const shown = written({ isTTY: true, columns: 20 }).split('\r\u001b[2K');
    assert.ok(
      shown.every((line) => line.trimEnd().length < 20),
      shown.join('|'),
    );
  });
});
