import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { buildProgram, callOf, hintsFor, noteLines, PLAIN, runCli, spellHints } from '@tracecal/cli';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const PACKAGE = dirname(require.resolve('@tracecal/cli/package.json'));
const CHECKOUT = join(PACKAGE, '..', '..');

describe('A hint', () => {
  after(removeTemporaryFolders);

  it('names the command as it was called, with the data directory and the profile that were given', () => {
    const hint = hintsFor('npx tracecal', { data: 'my data', profile: 'p.json' });
    assert.equal(hint('down'), "`npx tracecal down --data 'my data' --profile p.json`");
    assert.equal(hintsFor('tracecal')('down'), '`tracecal down`');
  });

  it('repeats no profile to a command that does not take one', async () => {
    const streams = { stdout: new PassThrough(), stderr: new PassThrough(), environment: {} };
    const missing = join(temporaryFolder(), 'trust.json');
    await runCli(['trace', 'x', '--profile', 'p.json', '--trust', missing], streams);
    streams.stderr.end();
    const said = await text(streams.stderr);
    assert.match(said, /`tracecal trust add NAME CERTIFICATE`.*TRUST_MISSING/s);
  });

  it('repeats who asks, but not who signs: that may be another', () => {
    const streams = { stdout: new PassThrough(), stderr: new PassThrough(), environment: {} };
    const program = buildProgram({ streams, call: 'tracecal', exit: () => assert.fail() });
    const hint = hintsFor('tracecal', { as: 'lab-alpha' }, program);
    for (const reading of ['outcome ab', 'report show r', 'technician show t', 'device list', 'chaincode list']) {
      assert.equal(hint(reading), `\`tracecal ${reading} --as lab-alpha\``);
    }
    for (const other of ['report accept r', 'heartbeat', 'statement sign f.json', 'anchor', 'trust show', 'down']) {
      assert.equal(hint(other), `\`tracecal ${other}\``);
    }
    assert.equal(hint('trace x --as oem-a'), '`tracecal trace x --as oem-a`');
  });

  it('adds nothing where help is meant', () => {
    assert.equal(hintsFor('tracecal', { data: 'd' })('find --help'), '`tracecal find --help`');
  });

  it('is spelled in sentences that were written without knowing the call', () => {
    const sentence = 'No key is here: run `tracecal org add x` or `tracecal down`, not tracecal.';
    assert.equal(
      spellHints(sentence, hintsFor('./t', { data: '/d' })),
      'No key is here: run `./t org add x --data /d` or `./t down --data /d`, not tracecal.',
    );
  });

  it('stands in notes that fit the width', () => {
    const style = { ...PLAIN, columns: 40, hint: hintsFor('npx tracecal', { data: '/srv/calibration' }) };
    assert.deepEqual(noteLines('  nmi-east: it gives one with `tracecal heartbeat`', style), [
      '  nmi-east: it gives one with `npx',
      '  tracecal heartbeat --data',
      '  /srv/calibration`',
    ]);
  });

  it('stands in the errors of commands', async () => {
    const streams = { stdout: new PassThrough(), stderr: new PassThrough(), environment: {}, call: 'npx tracecal' };
    const data = temporaryFolder();
    assert.equal(await runCli(['trace', 'x', '--data', data], streams), 3);
    streams.stderr.end();
    const said = await text(streams.stderr);
    assert.ok(said.startsWith('tracecal: No network ') && said.includes(data), said);
    assert.ok(said.includes(`with \`npx tracecal up --data ${data}\`. `), said);
  });
});

describe('The name of the program in hints', () => {
  const bin = join('/opt', 'app', 'node_modules', '.bin', 'tracecal');

  it('is npx tracecal in a checkout, and nowhere else: npx would ask the npm registry', () => {
    assert.equal(callOf(join(CHECKOUT, 'node_modules', '.bin', 'tracecal'), {}, CHECKOUT), 'npx tracecal');
    assert.equal(callOf(join(PACKAGE, 'dist', 'main.js'), {}, join(CHECKOUT, 'docs')), 'npx tracecal');
    assert.doesNotMatch(
      callOf(join(CHECKOUT, 'node_modules', '.bin', 'tracecal'), { npm_command: 'exec' }, '/tmp'),
      /npx/,
    );
  });

  it('is tracecal where that is on PATH, unless npm put it there', () => {
    const PATH = `/usr/bin:${dirname(bin)}`;
    assert.equal(callOf(bin, { PATH }, '/home/user'), 'tracecal');
    assert.equal(callOf(bin, { PATH, npm_command: 'exec' }, '/home/user'), bin);
  });

  it('is else its path, from where the user is', () => {
    assert.equal(callOf(bin, {}, '/opt/app'), join('node_modules', '.bin', 'tracecal'));
    assert.equal(callOf(bin, {}, dirname(bin)), './tracecal');
    assert.equal(callOf(bin, {}, '/home/user'), bin);
    assert.equal(callOf('/my apps/main.js', {}, '/home/user'), "node '/my apps/main.js'");
  });
});
