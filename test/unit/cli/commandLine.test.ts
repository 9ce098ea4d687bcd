import assert from 'node:assert/strict';
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sinon from 'sinon';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';
import { exampleFiles, tracecal } from '../../support/commandLine.js';
import { expandedUnc, quantity, real, smallCertificate } from '../../support/smallCertificate.js';

interface Failure {
  readonly error: { readonly code: string; readonly message: string };
}

const [example = ''] = exampleFiles();

describe('the command line', function () {
  // Some of it starts a network.
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it('says what it can do, and that this went well', async () => {
    const { code, stdout, stderr } = await tracecal(['--help']);
    assert.equal(code, 0);
    for (const command of [
      ...['up', 'down', 'status', 'demo', 'trace', 'report', 'consent', 'revoke', 'statement', 'affected', 'history'],
      ...['dcc', 'examples', 'trust'],
    ]) {
      assert.match(stdout, new RegExp(`^ {2}${command}\\b`, 'm'));
    }
    assert.equal(stderr, '');
  });

  it('shows in the help of every command how it is called', async () => {
    const commands = await leaves([]);
    assert.ok(commands.length >= 25, String(commands.length));
    for (const command of commands) {
      const { stdout } = await tracecal([...command, '--help']);
      assert.match(stdout, new RegExp(`^Example: tracecal ${command.join(' ')}\\b`, 'm'));
    }
  });

  for (const args of [
    ['nonsense'],
    ['trace'],
    ['trace', 'x', '--as-of', 'yesterday'],
    ['trace', 'x', '--as-of', '2026-02-30'],
    ['trace', 'x', '--max-age', '0d'],
    ['trace', 'x', '--interval', '-3'],
    ['trace', 'x', '--known-at', 'soon'],
    ['heartbeat', '--every', '59s'],
    ['heartbeat', '--every', '2h'],
    ['heartbeat', 't'],
    ['device', 'set-interval', 'd', 'never'],
    ['consent', 'give', 'lab'],
    ['consent', 'give', 'lab', '--until', '2030-01-01'],
    ['consent', 'give', 'lab', '--as', 'oem-a', '--until', '2026-01-01'],
    ['statement', 'sign', 'file.json'],
    ['statement', 'submit', '/nowhere'],
    ['revoke', 'planet', 'x'],
    ['revoke', 'device', 'x', '--reason', 'because'],
    ['technician', 'add', 't', '--org', 'o'],
    ['find'],
    ['find', '--kind', 'gadget'],
    ['up', '--engine', 'steam'],
    ['up', '--ports', 'free', '--chaincode', 'nonsense'],
    ['demo', '--dcc', '/nowhere'],
  ]) {
    it(`exits with 2 for bad usage: ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await tracecal(args, { environment: { TRACECAL_DATA: temporaryFolder() } });
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.notEqual(stderr, '');
    });
  }

  for (const [kinds, said] of [
    ['all', /No kind of quantity is called "all": .* One of your own is written own:all\./],
    ['temperature,temperture', /"temperture": do you mean temperature( or|\?)/],
    ['own:temperature', /Temperature is published: write it without own:/],
    ['own:not a kind', /cannot be a kind of quantity: write lower-case words/],
  ] as const) {
    for (const command of [
      ['technician', 'add', 't', '--org', 'o'],
      ['technician', 'authorise', 't'],
      ['consent', 'give', 'lab', '--as', 'oem-a', '--until', '2099-01-01', '--devices', 'd'],
    ]) {
      it(`gives nobody a kind of quantity by mistake: ${command.slice(0, 2).join(' ')} ${kinds}`, async () => {
        const environment = { TRACECAL_DATA: temporaryFolder() };
        const { code, stderr } = await tracecal([...command, '--quantities', kinds], { environment });
        assert.equal(code, 2);
        assert.match(stderr, said);
      });
    }
  }

  for (const command of [
    ['trace', 'd', '--quantity', 'temprature'],
    ['find', '--quantity', 'temprature'],
    ['requirements', 'set', '--as', 'o', '--interval', 'temprature=30'],
  ]) {
    it(`takes a kind by its name or as own:NAME, and no slip of the pen: ${command.slice(0, -1).join(' ')}`, async () => {
      const environment = { TRACECAL_DATA: temporaryFolder() };
      const { code, stderr } = await tracecal(command, { environment });
      assert.equal(code, 2);
      assert.match(stderr, /do you mean temperature.* One of your own is written own:temprature/);
      const own = command.map((word) => word.replace('temprature', 'own:wobble'));
      assert.equal((await tracecal(own, { environment })).code, 3, 'no network runs');
    });
  }

  it('prints one JSON document for bad usage too, if JSON was asked for', async () => {
    const { code, stdout } = await tracecal(['trace', 'x', '--as-of', 'yesterday', '--json']);
    assert.equal(code, 2);
    assert.equal((JSON.parse(stdout) as Failure).error.code, 'USAGE');
  });

  it('refuses a folder without certificates for the demo before it starts a network', async () => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await tracecal(['demo', '--dcc', folder]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.equal(
      stderr,
      `tracecal: Folder ${folder} holds no certificate: they are files that end in .xml. [INPUT_INVALID]\n`,
    );
  });

  it('says how to start a network where none is running', async () => {
    for (const args of [
      ['trace', 'x'],
      ['affected', 'x'],
      ['history', 'x'],
      ['heartbeat'],
      ['report', 'accept', 'x'],
    ]) {
      const { code, stdout, stderr } = await tracecal([...args, '--data', temporaryFolder()]);
      assert.equal(code, 3);
      assert.equal(stdout, '');
      assert.match(stderr, /tracecal up/);
      assert.match(stderr, /runs elsewhere, give the connection profile .* with --profile/, 'or how one is reached');
      assert.equal(stderr.trim().split('\n').length, 1, 'one sentence');
    }
    const { code, stdout } = await tracecal(['trace', 'x', '--json', '--data', temporaryFolder()]);
    assert.equal(code, 3);
    assert.equal((JSON.parse(stdout) as Failure).error.code, 'NETWORK_DOWN');
  });

  it('starts no network where a file is in the way, or in what cannot hold one', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    for (const [data, why] of [
      [file, /is a file/],
      [join(file, 'below'), /has a file in its path/],
    ] as const) {
      for (const command of ['up', 'demo']) {
        const { code, stdout, stderr } = await tracecal([command, '--data', data, '--json']);
        const { error } = JSON.parse(stdout) as Failure;
        assert.deepEqual([code, error.code], [2, 'DATA_UNUSABLE'], stderr);
        assert.match(error.message, why);
      }
      assert.equal((await tracecal(['status', '--data', data])).code, 3);
      assert.equal((await tracecal(['trace', 'x', '--data', data])).code, 3);
      assert.equal((await tracecal(['down', '--data', data])).code, 0);
      assert.equal((await tracecal(['reset', '--yes', '--data', data])).code, 0);
    }
    assert.equal(readFileSync(file, 'utf8'), '');
  });

  it('starts no network whose founding file holds something else', async () => {
    const data = temporaryFolder();
    writeFileSync(join(data, 'founding.json'), '{"statement":1}');
    const { code, stdout } = await tracecal(['up', '--detach', '--ports', 'free', '--json', '--data', data]);
    assert.equal(code, 2);
    const { error } = JSON.parse(stdout) as Failure;
    assert.equal(error.code, 'INPUT_INVALID');
    assert.match(error.message, /founding\.json does not hold the founding of a registry/);
  });

  it('writes example certificates that can be imported today, without a network', async () => {
    const folder = join(temporaryFolder(), 'examples');
    const { code, stdout } = await tracecal(['examples', folder, '--json']);
    assert.equal(code, 0);
    const { files } = JSON.parse(stdout) as { files: string[] };
    assert.equal(files.filter((file) => file.endsWith('.xml')).length, 8);
    assert.ok(files.every((file) => existsSync(file)));
  });

  /** Of the network that the following tests share. */
  let data: string;
  let up: readonly string[];

  before(() => {
    data = join(temporaryFolder(), 'data');
    up = ['up', '--detach', '--ports', 'free', '--data', data];
  });

  /** The description of that network, which has run. */
  async function described(): Promise<string> {
    const file = join(data, 'consortium.yaml');
    if (!existsSync(file)) {
      assert.equal((await tracecal(up)).code, 0);
      await tracecal(['down', '--data', data]);
    }
    return readFileSync(file, 'utf8');
  }

  it('starts a network once, where two begin at the same moment, and neither takes the description of the other', async () => {
    const start = [...up, '--json'];
    const both = await Promise.all([tracecal(start), tracecal(start)]);
    const codes = both.map(({ code }) => code).sort();
    await tracecal(['down', '--data', data]);
    assert.deepEqual(codes, [0, 3]);
    const refused = both.find(({ code }) => code === 3);
    assert.equal((JSON.parse(refused?.stdout ?? '') as Failure).error.code, 'ALREADY_RUNNING');
  });

  it('keeps the description of a network that cannot be started with another one', async () => {
    const before = await described();
    const other = join(temporaryFolder(), 'other.yaml');
    writeFileSync(other, before.replaceAll('@tracecal/chaincode', '@tracecal/no-such-package'));
    assert.notEqual((await tracecal([...up, '--consortium', other])).code, 0);
    assert.equal(readFileSync(join(data, 'consortium.yaml'), 'utf8'), before);
  });

  it('names the folder whose disk is full, keeps the description, and leaves no network behind', async () => {
    const before = await described();
    const other = join(temporaryFolder(), 'other.yaml');
    const wanted = `# Another one.\n${before}`;
    writeFileSync(other, wanted);
    const write = sinon.stub(fs, 'writeFileSync').callsFake((file, content, ...rest) => {
      if (content !== wanted) {
        write.wrappedMethod(file, content, ...rest);
        return;
      }
      write.wrappedMethod(file, wanted.slice(0, 100), ...rest);
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
    });
    const { code, stdout, stderr } = await tracecal([...up, '--json', '--consortium', other]);
    write.restore();
    const { error } = JSON.parse(stdout) as Failure;
    assert.deepEqual([code, error.code], [3, 'DISK_FULL'], stderr);
    assert.ok(error.message.includes(`No space is left on the disk of ${data}: free some`), error.message);
    assert.equal(readFileSync(join(data, 'consortium.yaml'), 'utf8'), before);
    assert.deepEqual(
      readdirSync(data).filter((name) => name.endsWith('.tmp')),
      [],
    );
    assert.match((await tracecal(['down', '--data', data])).stdout, /^No network is running in /);
  });

  it('says in which directory no network runs: there may be one elsewhere', async () => {
    const data = temporaryFolder();
    mkdirSync(join(data, 'keys'));
    for (const command of ['status', 'down']) {
      const { stdout } = await tracecal([command, '--data', data]);
      assert.match(stdout, new RegExp(`^No network is running in ${data}[.:]`));
    }
  });

  it('finds the data directory in the environment', async () => {
    const folder = join(temporaryFolder(), 'absent');
    const { stdout } = await tracecal(['status', '--json'], { environment: { TRACECAL_DATA: folder } });
    const nothing = { engine: null, pid: null, configurationBytes: null, organisations: [], processes: [] };
    assert.deepEqual(JSON.parse(stdout), { running: false, ...nothing });
  });

  it('says what exactly is wrong with a number, a file or an id', async () => {
    const data = temporaryFolder();
    const wrong: readonly (readonly [args: readonly string[], told: RegExp])[] = [
      [['device', 'set-interval', 'x', '0'], /a whole number of days from 1 to 36500\./],
      [['due', '--within', '36501d'], /at most 36500d\./],
      [['statement', 'show', join(data, 'nowhere')], /nowhere does not exist: check the path\./],
      [['outcome', 'bed29629'], /64 hexadecimal digits: give all of them/],
    ];
    for (const [args, told] of wrong) {
      const { code, stderr } = await tracecal([...args, '--data', data]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, told);
    }
    const { stderr } = await tracecal(['dcc', 'inspect', join(data, 'nowhere.xml')]);
    assert.match(stderr, /nowhere\.xml does not exist: check the path\. \[FILE_UNREADABLE\]$/m);
  });

  it('inspects certificates without a network: one object a file, exit code 2 if one cannot be read', async () => {
    const bad = join(temporaryFolder(), 'bad.xml');
    writeFileSync(bad, '<!DOCTYPE x><x/>');
    const good = await tracecal(['dcc', 'inspect', example, '--json']);
    assert.equal(good.code, 0);
    assert.equal(good.stderr, '');
    const both = await tracecal(['dcc', 'inspect', example, bad, '--json']);
    assert.equal(both.code, 2);
    const [first, second] = JSON.parse(both.stdout) as { ok: boolean; error: { code: string } | null }[];
    assert.deepEqual([first?.ok, first?.error], [true, null]);
    assert.deepEqual([second?.ok, second?.error?.code], [false, 'XML_DOCTYPE']);
    const people = await tracecal(['dcc', 'inspect', bad, example]);
    assert.match(people.stdout, /^✓ .*temperature|^✓ .*mass/, 'what was read is the result');
    assert.doesNotMatch(people.stdout, /bad\.xml/);
    assert.match(people.stderr, /^tracecal: .*bad\.xml: .+ \[XML_DOCTYPE\]\n$/, 'what was not is an error');
    assert.equal((await tracecal(['dcc', 'inspect', bad])).stdout, '');
  });

  it('says of an inspected certificate that it names no parent, and writes units as people do', async () => {
    const { stdout } = await tracecal(['dcc', 'inspect', example], { environment: { COLUMNS: '200' } });
    assert.match(stdout, /^ {2}rests on +no parent: no certificate of a standard is named$/m);
    assert.doesNotMatch(stdout, /\\/);
  });

  it('drafts certificates without a network, with what a mapping file tells', async () => {
    const folder = temporaryFolder();
    const [file, mapping] = [join(folder, 'deviation.xml'), join(folder, 'mapping.json')];
    const error = real('0.05', '\\kelvin', expandedUnc('0.1'));
    writeFileSync(file, smallCertificate({ data: quantity('Deviation', error, 'basic_measurementError') }));
    const open = await tracecal(['dcc', 'draft', file]);
    assert.equal(open.code, 0);
    assert.match(open.stdout, /^ {2}question +Which temperature\? "Result" states deviations/m);

    const told = { name: 'Temperature', role: 'reference', unit: '\\degreecelsius', values: [20] };
    writeFileSync(mapping, JSON.stringify({ version: 'tracecal-mapping/1', arguments: [told] }));
    const paper = 'laboratory=PTB,number=P-1,date=2024-05-02';
    const closed = await tracecal(['dcc', 'draft', file, '--mapping', mapping, '--paper-parent', paper]);
    const inFile = join(folder, 'paper.json');
    writeFileSync(inFile, JSON.stringify({ laboratory: 'PTB', number: 'P-1', date: '2024-05-02' }));
    const fromFile = await tracecal(['dcc', 'draft', file, '--mapping', mapping, '--paper-parent', inFile]);
    assert.equal(fromFile.stdout, closed.stdout, 'a file says the same');
    assert.doesNotMatch(closed.stdout, /question/);
    assert.match(closed.stdout, /^ {6}row +20 °C, error 0\.05 °C, U = 0\.1 °C \(95 %, k = 2\)$/m);
    assert.match(closed.stdout, /^ {2}parent +not named: certificate P-1, described: PTB, 2024-05-02$/m);
  });

  it('drafts no report only where an import would make none', async () => {
    const file = join(temporaryFolder(), 'noU.xml');
    writeFileSync(file, smallCertificate({ data: quantity('Mass', real('1', '\\kilogram')) }));
    const { stdout } = await tracecal(['dcc', 'draft', file]);
    assert.match(stdout, /^ {2}incomplete +No result states an uncertainty that can be used\.$/m);
    assert.doesNotMatch(stdout, /no report/);
    writeFileSync(file, smallCertificate({ data: quantity('Mass', real('1', '\\kilogram', expandedUnc('0'))) }));
    assert.match((await tracecal(['dcc', 'draft', file])).stdout, /^ {2}no report +.*uncertainty 0/m);
  });

  it('refuses to draft with a mapping that it does not understand, or from what is no certificate', async () => {
    const bad = join(temporaryFolder(), 'bad.json');
    writeFileSync(bad, '{"version": "tracecal-mapping/2"}');
    const refused = await tracecal(['dcc', 'draft', example, '--mapping', bad]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /version/);
    const both = await tracecal(['dcc', 'draft', example, bad, '--json']);
    assert.equal(both.code, 2);
    const [first, second] = JSON.parse(both.stdout) as { error: { code: string } | null; draft: object | null }[];
    assert.deepEqual([first?.error, second?.draft, second?.error?.code], [null, null, 'XML_NOT_WELL_FORMED']);
  });

  it('says who can read and write what', async () => {
    const { code, stdout } = await tracecal(['network', 'describe']);
    assert.equal(code, 0);
    assert.match(stdout, /^oem-a +OEM +measurement-a +calibration, monitoring-a$/m);
    const levels = ['level calibration', 'information flows down', 'level measurement', 'level monitoring'];
    const places = levels.map((words) => stdout.indexOf(words));
    assert.ok(places.every((place, index) => place > (places[index - 1] ?? 0)));
    assert.match(stdout, /^┌─ measurement-a ─+┐ {2}┌─ measurement-b ─+┐$/m);
    assert.match(stdout, /^│ writes {2}oem-a +│ {2}│ writes {2}oem-b +│$/m);
  });

  it('uses colours if FORCE_COLOR asks for them, also on a pipe, and never with --no-color', async () => {
    const escape = '\u001b[';
    const args = ['dcc', 'inspect', example];
    const forced = { FORCE_COLOR: '1', NO_COLOR: '1' };
    assert.ok((await tracecal(args, { environment: forced })).stdout.includes(escape));
    assert.ok(!(await tracecal(args, { terminal: true, environment: { FORCE_COLOR: '0' } })).stdout.includes(escape));
    assert.ok(!(await tracecal([...args, '--no-color'], { environment: forced })).stdout.includes(escape));
    const wrong = await tracecal(['trace', '--no-color'], { terminal: true, environment: forced });
    assert.ok(!wrong.stderr.includes(escape));
  });

  it('uses colours on a terminal only, and not with NO_COLOR', async () => {
    const escape = '\u001b[';
    const args = ['dcc', 'inspect', example];
    assert.ok((await tracecal(args, { terminal: true })).stdout.includes(escape));
    assert.ok(!(await tracecal(args)).stdout.includes(escape));
    const quiet = await tracecal(args, { terminal: true, environment: { NO_COLOR: '1' } });
    assert.ok(!quiet.stdout.includes(escape));
  });
});

/** The words of every command that does something, as the help lists them. */
async function leaves(above: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { stdout } = await tracecal([...above, '--help']);
  const [, listed] = stdout.split('\nCommands:\n');
  if (listed === undefined) {
    return [above];
  }
  const names = [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = '']) => name);
  const below = await Promise.all(names.filter((name) => name !== 'help').map((name) => leaves([...above, name])));
  return below.flat();
}
