import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asciiOf, styleFor } from '@tracecal/cli';
import { exampleFiles, tracecal } from '../../support/commandLine.js';

const ASCII = /^[\n\x20-\x7e]*$/;
const SOURCES = join(dirname(require.resolve('@tracecal/cli/package.json')), 'src');

function isAsciiFor(environment: NodeJS.ProcessEnv): boolean {
  return styleFor({}, environment).text('✓') === '+';
}

describe('The command line on a terminal with ASCII only', () => {
  it('goes by the first locale variable that is set, and by TRACECAL_ASCII before all', () => {
    for (const environment of [
      { LC_ALL: 'C' },
      { LC_ALL: 'POSIX', LANG: 'en_GB.UTF-8' },
      { LC_ALL: '', LC_CTYPE: 'C', LANG: 'C.UTF-8' },
      { LANG: 'de_DE.ISO-8859-1' },
      { LANG: 'en_GB.UTF-8', TRACECAL_ASCII: '1' },
    ]) {
      assert.ok(isAsciiFor(environment), JSON.stringify(environment));
    }
    for (const environment of [
      {},
      { LANG: 'C.UTF-8' },
      { LC_ALL: 'en_GB.utf8', LANG: 'C' },
      { LC_ALL: 'C', TRACECAL_ASCII: '0' },
    ]) {
      assert.ok(!isAsciiFor(environment), JSON.stringify(environment));
    }
  });

  it('has a fallback for every sign, and ? only for letters of other scripts', () => {
    assert.equal(
      asciiOf('├─ ✓ a\n│  └─ ✗ b · c\n└──┘ 5 µm 20 °C 1/m² 10⁻⁹ ± √(x) ≤ Ω …'),
      ['|- + a', '|  `- x b - c', '+--+ 5 um 20 degC 1/m^2 10^-9 +/- sqrt(x) <= Ohm ...'].join('\n'),
    );
    assert.equal(asciiOf('Prüfmittel Übersee, Señor Straße 温'), 'Prufmittel Ubersee, Senor Strasse ?');
    assert.equal(asciiOf(asciiOf('±5 °C')), '+/-5 degC');
  });

  it('has one for each sign that its own sources use', function () {
    if (!existsSync(SOURCES)) {
      console.log('      SKIPPED: the sources are not here');
      this.skip();
    }
    const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const signs = new Set(
      files.flatMap((name) => readFileSync(join(SOURCES, name), 'utf8').match(/\P{ASCII}/gu) ?? []),
    );
    const without = [...signs].filter((sign) => asciiOf(sign).includes('?') && !/\p{L}/u.test(sign));
    assert.deepEqual(without, []);
  });

  it('prints nothing else: results, help and errors', async () => {
    const environment = { LC_ALL: 'C' };
    for (const args of [['dcc', 'inspect', ...exampleFiles()], ['network', 'describe'], ['--help'], ['trace']]) {
      const { stdout, stderr } = await tracecal(args, { environment });
      assert.match(stdout, ASCII, args.join(' '));
      assert.match(stderr, ASCII, args.join(' '));
    }
    const { stdout } = await tracecal(['dcc', 'inspect', exampleFiles()[0] ?? ''], { environment });
    assert.match(stdout, /^\+ .*xml$/m);
    assert.match(stdout, /\d degC/);
  });

  it('prints JSON as it is: that is UTF-8, whatever the locale', async () => {
    const args = ['dcc', 'inspect', exampleFiles()[0] ?? '', '--json'];
    const { stdout } = await tracecal(args, { environment: { LC_ALL: 'C' } });
    assert.equal(stdout, (await tracecal(args)).stdout);
  });
});
