import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { Terminal } from '@tracecal/cli';

/** What a lying peer, or a file, could have a terminal do: go up, wipe a line, end a colour, begin a link, turn the writing around. */
const HOSTILE = [
  '\u001b[1A\u001b[2K',
  '\u001b[0m',
  '\u001b]8;;http://x\u0007',
  '\u009b2J',
  '\r',
  '\u0008',
  '\u007f',
  '\u202e',
  '\u2066',
];

describe('What the command line quotes', () => {
  function printed(isJson: boolean, print: (terminal: Terminal) => void, environment: NodeJS.ProcessEnv = {}): string {
    const streams = { stdout: new PassThrough(), stderr: new PassThrough(), environment };
    print(new Terminal(streams, isJson));
    return `${String(streams.stdout.read() ?? '')}${String(streams.stderr.read() ?? '')}`;
  }

  for (const hostile of HOSTILE) {
    it(`does nothing to a terminal: ${JSON.stringify(hostile)}`, () => {
      const reason = `Traces.${hostile}FAILED`;
      for (const said of [
        printed(false, (terminal) => terminal.result({ reason }, () => reason)),
        printed(false, (terminal) => terminal.warn(reason)),
        printed(false, (terminal) => terminal.error(reason, 'FAILED')),
        printed(false, (terminal) => terminal.say(reason), { LC_ALL: 'C' }),
        printed(true, (terminal) => terminal.result({ reason }, () => '')),
      ]) {
        assert.doesNotMatch(said.replaceAll('\n', ''), /[\p{Cc}\u202e\u2066]/u);
        assert.match(said, /FAILED/);
      }
      const document = printed(true, (terminal) => terminal.result({ reason }, () => ''));
      assert.deepEqual(JSON.parse(document), { reason }, 'a program reads what was said');
    });
  }

  it('has lines, and the colours of the command line itself', () => {
    const colours = { FORCE_COLOR: '1' };
    const said = printed(false, (terminal) => terminal.result({}, ({ green }) => `${green('✓')} one\n\ttwo`), colours);
    assert.equal(said, '\u001b[32m✓\u001b[39m one\n\ttwo\n');
  });
});
