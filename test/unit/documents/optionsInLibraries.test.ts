import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const SOURCE = resolve(__dirname, '..', '..', '..', '..', 'gateway-client', 'src');
const LIBRARIES = ['audit', 'client', 'dcc', 'device', 'files', 'proof', 'replica', 'application/measurements'];
/** The gate's own command line. */
const COMMAND_LINE = ['options', 'program', 'compiled', 'watchCommand', 'refreshCommand'].map(
  (name) => `device/gate/${name}.ts`,
);

/** Programs and consoles show what libraries say, and have no options: only a command line names its own. */
describe('What a library says', () => {
  for (const library of LIBRARIES) {
    it(`names no option of a command line, unless in a whole command: ${library}`, () => {
      const found = filesIn(join(SOURCE, library))
        .filter((file) => !COMMAND_LINE.includes(relative(SOURCE, file)))
        .flatMap((file) => withOptions(file).map((line) => `${relative(SOURCE, file)}: ${line.trim()}`));
      assert.deepEqual(found, []);
    });
  }
});

function withOptions(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
    .filter((line) => /(^|[^\w-])--[a-z]/.test(line.replace(/\\?`(tracecal|npm) .*?`|<code>.*?<\/code>/g, '')));
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : /\.m?ts$/.test(entry.name) ? [path] : [];
  });
}
