import assert from 'node:assert/strict';
import { tracecal } from '../../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

/** What is wrong with a call, and what is said about it on stderr. */
const SAID: readonly (readonly [args: readonly string[], sentence: string])[] = [
  [['trce'], 'There is no command "trce". Did you mean trace? See `tracecal --help`.'],
  [['trace'], 'Argument <device> is missing. See `tracecal trace --help`.'],
  [['trace', 'x', 'y'], 'Too many arguments: expected 1, got 2. See `tracecal trace --help`.'],
  [
    ['trace', 'x', '--intervall', '3'],
    'There is no option --intervall. Did you mean --interval? See `tracecal trace --help`.',
  ],
  [
    ['trace', 'x', '--interval', '0'],
    'Invalid --interval "0". Write a whole number of days from 1 to 36500. See `tracecal trace --help`.',
  ],
  [
    ['device', 'set-interval', 'x', '1.5'],
    'Invalid <days> "1.5". Write a whole number of days from 1 to 36500. See `tracecal device set-interval --help`.',
  ],
  [['device', 'add', 's'], 'Option --technician <id> is required. See `tracecal device add --help`.'],
  [
    ['dcc', 'import', 'f', '--technician', 't', '--device', 'd', '--new-device'],
    'Give either --device or --new-device. See `tracecal dcc import --help`.',
  ],
  [['find', '--kind', 'gadget'], 'Invalid --kind "gadget". Give one of standard, field. See `tracecal find --help`.'],
  [
    ['find'],
    'Give one of --serial, --owner, --certificate, --laboratory, --model, --kind, --quantity. See `tracecal find --help`.',
  ],
  [
    ['requirements', 'set', '--as', 'oem-a'],
    'Say what is required: `tracecal requirements set --help` lists what can be.',
  ],
  [['down', '--as', 'oem-a'], 'There is no option --as. See `tracecal down --help`.'],
  [['status', '--as', 'nobody'], 'There is no option --as. See `tracecal status --help`.'],
];

describe('A call that is not understood', () => {
  after(removeTemporaryFolders);

  for (const [args, sentence] of SAID) {
    it(`is refused in one sentence that says what to do: ${args.join(' ')}`, async () => {
      const data = temporaryFolder();
      const { code, stdout, stderr } = await tracecal(args, { environment: { TRACECAL_DATA: data } });
      assert.deepEqual([code, stdout], [2, '']);
      assert.equal(stderr, `tracecal: ${sentence} [USAGE]\n`);
      const json = await tracecal([...args, '--json'], { environment: { TRACECAL_DATA: data } });
      assert.deepEqual(JSON.parse(json.stdout), { error: { code: 'USAGE', message: sentence } });
      assert.equal(json.code, 2);
    });
  }

  it('is none where no days at all have a meaning', async () => {
    const words = ['requirements', 'set', '--as', 'oem-a', '--grace', '0'];
    const { stderr } = await tracecal(words, { environment: { TRACECAL_DATA: temporaryFolder() } });
    assert.match(stderr, /\[NETWORK_DOWN\]\n$/);
  });

  it('is told which option lacks its value', async () => {
    const { code, stderr } = await tracecal(['trace', 'x', '--interval']);
    assert.deepEqual(
      [code, stderr],
      [2, 'tracecal: Option --interval needs a value. See `tracecal trace --help`. [USAGE]\n'],
    );
  });

  it('is shown the help where only a group of commands is named, and asked for one of them', async () => {
    for (const args of [[], ['device']]) {
      const { code, stdout, stderr } = await tracecal(args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^Usage: tracecal [^]*\ntracecal: Name a command\. See `tracecal .*--help`\. \[USAGE\]\n$/);
    }
  });

  it('has the control sequences taken out of what is quoted', async () => {
    const { stderr } = await tracecal(['trace', 'x', '--\u001b[2Jbad']);
    assert.match(stderr, /^tracecal: There is no option --/);
    assert.ok(!stderr.includes('\u001b'));
  });
});

describe('The help of a command', () => {
  it('fits the terminal, or 80 columns where there is none', async () => {
    for (const columns of [60, 80, 120]) {
      for (const args of [['--help'], ['device', '--help'], ['requirements', 'set', '--help'], ['due', '--help']]) {
        const { stdout } = await tracecal(args, columns === 80 ? {} : { environment: { COLUMNS: String(columns) } });
        const widest = Math.max(...stdout.split('\n').map(({ length }) => length));
        assert.ok(widest <= columns, `${args.join(' ')} has ${widest} columns`);
        assert.ok(widest > columns - 15, `${args.join(' ')} leaves room: ${widest}`);
      }
    }
  });
});
