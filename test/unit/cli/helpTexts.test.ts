import assert from 'node:assert/strict';
import { tracecal } from '../../support/commandLine.js';

/** Commands with the sentences of their help that name what an option is about. */
const HELP: readonly (readonly [command: readonly string[], sentences: readonly string[]])[] = [
  [['demo'], ['--data <folder> a new directory for the network and its keys, which stays (default: a temporary one)']],
  [
    ['dcc', 'import'],
    ["owner of newly registered devices (default: the imprinter's organisation)", 'kind of newly registered devices'],
  ],
  [['measurement', 'sign'], ['force to the disk each (1), every 100, or after at most 500ms (default: 1)']],
  [['measurement', 'filter'], ['after how long bundles and the log are read again (default: 1m)']],
  [['directive', 'give'], ['D-SI unit of a limit: \\degreecelsius']],
  [['network', 'add-org'], ['Add an organisation to the running network.']],
  [['network', 'remove-org'], ['Remove an organisation from the running network. What it wrote stays.']],
  [
    ['network', 'rotate'],
    [
      "Replace certificates of the running network: an organisation's CA and all that it certified, or those of one orderer.",
    ],
  ],
];

describe('The help of a command', () => {
  for (const [command, sentences] of HELP) {
    it(`says what its options are about: ${command.join(' ')}`, async () => {
      const { code, stdout } = await tracecal([...command, '--help'], { environment: { COLUMNS: '250' } });
      assert.equal(code, 0);
      const text = stdout.replace(/\s+/g, ' ');
      for (const sentence of sentences) assert.ok(text.includes(sentence), stdout);
    });
  }
});
