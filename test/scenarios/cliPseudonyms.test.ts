import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { AffectedDevice, DeviceAnswer, OrganisationAnswer } from '@tracecal/core/contracts';
import { readPseudonymFile } from '@tracecal/core/pseudonym';
import type { PseudonymFile } from '@tracecal/core/pseudonym';
import { jwsPayload, jwsSignature, signingInput, withLowS } from '@tracecal/core/signing';
import type { Verdict } from '@tracecal/core/trace';
import { fileSigner } from '@tracecal/gateway-client';
import { CliUser, tracecal } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

const TODAY = new Date().toISOString().slice(0, 10);
const GOLD = { serial: 'GOLD-47114711', model: 'Fixed Point Superior', manufacturer: 'Hidden Metrology Works' };
const VAULT = 'in the deep vault of the west wing';
const OWNER = { name: 'Umbra Energy Incorporated', country: 'IS', identity: 'umbra-energy-0815' };

interface Failed {
  readonly error: { readonly code: string; readonly message: string };
}

interface Shown {
  readonly facts: Readonly<Record<string, string>>;
  readonly signer: string;
  readonly to: string | null;
  readonly reason?: string;
}

/** A gold standard and an owner that nobody but their certifiers can name. Each scenario goes on where the one before it left off. */
describe('a standard and an owner under pseudonyms', function () {
  this.timeout(180_000);
  let user: CliUser;
  let files: string;
  let gold: string;
  let owner: string;
  let kept: PseudonymFile[];

  const file = (name: string) => join(files, name);
  const described = (facts: typeof GOLD) => Object.entries(facts).flatMap(([name, value]) => [`--${name}`, value]);
  const tell = async (...args: readonly string[]) => (await tracecal([...args, '--data', user.data])).stdout;

  async function refused(exit: number, ...args: readonly string[]): Promise<Failed['error']> {
    const { code, document, stderr } = await user.run(...args);
    assert.equal(code, exit, `${args.join(' ')}: ${stderr}`);
    const { error } = document as Failed;
    for (const secret of secrets()) assert.ok(!error.message.includes(secret), error.message);
    return error;
  }

  /** All that must not be anywhere but with the certifiers. */
  function secrets(): readonly string[] {
    return [
      ...Object.values(GOLD),
      VAULT,
      ...[OWNER.name, OWNER.identity],
      ...kept.flatMap(({ facts, filler }) => [filler, ...facts.map(({ salt }) => salt)]),
    ];
  }

  before(async () => {
    files = temporaryFolder();
    kept = [];
    user = new CliUser(join(temporaryFolder(), 'data'));
    await startTemperatureConsortium(user);
    await user.succeed('technician', 'add', 't-oem', '--org', 'oem-a', '--quantities', 'temperature');
    const rows = [{ value: 20, uncertainty: { expanded: 0.5, coverageFactor: 2, coverageProbability: 0.95 } }];
    const results = [{ name: 'T', quantity: 'temperature', unit: '\\degreecelsius', rows }];
    writeFileSync(file('results.json'), JSON.stringify(results));
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('are registered with ids that tell nothing but who certifies them, and their files are for their certifiers alone', async () => {
    // No command line shows what is in a file.
    writeFileSync(file('gold.json'), JSON.stringify({ ...GOLD, note: VAULT }));
    const hidden = ['--facts-from', file('gold.json'), '--scope', 'model=members'];
    const device = ['device', 'add', '--pseudonym', '--technician', 't-north', '--kind', 'standard'];
    const added = await user.succeed<{ device: string; opening: string }>(...device, ...hidden);
    gold = added.device;
    assert.match(gold, /^nmi-north\/p-[a-z2-7]{26}$/);
    const organisation = ['org', 'add', '--pseudonym', '--certified-by', 'lab-alpha', '--kind', 'OPERATOR'];
    const names = ['--name', OWNER.name, '--country', OWNER.country, '--fact', `identity=${OWNER.identity}`];
    const joined = await user.succeed<{ organisation: string; opening: string }>(
      ...organisation,
      ...names,
      '--opening',
      file('owner.pseudonym.json'),
    );
    owner = joined.organisation;
    for (const path of [added.opening, joined.opening]) {
      assert.equal(statSync(path).mode & 0o077, 0, path);
      kept.push(readPseudonymFile(readFileSync(path, 'utf8')));
    }
    const shown = await user.succeed<DeviceAnswer>('device', 'show', gold);
    assert.deepEqual([shown.serial, shown.model, shown.manufacturer], ['withheld', 'withheld', 'withheld']);
    const known = await user.succeed<OrganisationAnswer>('org', 'show', owner);
    assert.deepEqual([known.name, known.country, known.mspId], ['withheld', 'ZZ', 'LabAlphaMSP']);
    assert.match(await tell('device', 'show', gold), /standard, registered under a pseudonym by nmi-north/);
    assert.match(await tell('org', 'show', owner), /OPERATOR, registered under a pseudonym by lab-alpha/);
    assert.match(
      (await tell('device', 'show', gold)).replaceAll(/\s+/g, ' '),
      /to be opened to organisations of the registry: model; to parties: what no scope names/,
    );
    assert.match(await tell('org', 'show', owner), /to be opened to parties: what no scope names/);
  });

  it('are not half made: what cannot be is said before anything is written', async () => {
    const add = ['device', 'add', '--technician', 't-north', ...described(GOLD)];
    const wrong: readonly (readonly string[])[] = [
      [...add, 'named', '--pseudonym'],
      add,
      [...add, 'named', '--scope', 'serial=general'],
      [...add, '--pseudonym', '--scope', 'serial=nobody'],
      [...add, '--pseudonym', '--fact', 'Note=x'],
      [...add, '--pseudonym', '--fact', 'serial=x'],
      [...add, '--pseudonym', '--facts-from', file('gold.json')],
      [...add, 'named', '--facts-from', file('gold.json')],
      [...add.slice(0, 4), '--pseudonym', '--fact', 'note=x'],
      [...add, '--pseudonym', '--facts-from', file('broken.json')],
      [...add, '--pseudonym', '--facts-from', file('list.json')],
      ['org', 'add', '--pseudonym', '--name', OWNER.name],
      ['org', 'add', '--pseudonym', '--name', 'x', '--country', 'IS', '--kind', 'NMI', '--certified-by', 'nmi-north'],
    ];
    writeFileSync(file('broken.json'), `{ "note": "${VAULT}" "serial": "${GOLD.serial}" }`);
    writeFileSync(file('list.json'), JSON.stringify([VAULT, GOLD.serial]));
    for (const args of wrong) await refused(2, ...args);
    const other = [...add, '--pseudonym', '--opening', file('owner.pseudonym.json')];
    assert.match((await refused(2, ...other)).message, /holds another pseudonym/);
  });

  it('are taken up again by their file: a registration that was interrupted ends with one device', async () => {
    const add = ['device', 'add', '--pseudonym', '--technician', 't-north', ...described(GOLD)];
    const opening = ['--opening', file('spare.pseudonym.json')];
    const first = await user.succeed<{ device: string }>(...add, ...opening, '--sign-only', file('spare.json'));
    const second = await user.succeed<{ device: string }>(...add, ...opening);
    assert.equal(second.device, first.device);
    kept.push(readPseudonymFile(readFileSync(file('spare.pseudonym.json'), 'utf8')));
    chmodSync(file('spare.pseudonym.json'), 0o644);
    const open = ['pseudonym', 'open', first.device, '--to', 'lab-alpha', '-o', file('x.json'), ...opening];
    assert.equal((await refused(2, ...open)).code, 'KEY_EXPOSED');
    chmodSync(file('spare.pseudonym.json'), 0o600);
    assert.equal((await refused(2, 'pseudonym', 'open', gold, ...open.slice(3))).code, 'INPUT_INVALID');
  });

  it('are traced like others, also offline', async () => {
    const issue = (id: string, device: string, technician: string, ...more: readonly string[]) =>
      user.succeed(
        ...['report', 'issue', id, '--device', device, '--technician', technician],
        ...['--results', file('results.json'), '--begin', TODAY, ...more],
      );
    await issue('gold-1', gold, 't-north');
    const silver = ['--serial', 'S-2', '--model', 'S', '--manufacturer', 'Silver', '--kind', 'standard'];
    await user.succeed('device', 'add', 'silver', '--technician', 't-alpha', ...silver);
    await issue('silver-1', 'silver', 't-north', '--parent', 'nmi-north/gold-1');
    const probe = ['--serial', 'P-3', '--model', 'P', '--manufacturer', 'Probe', '--owner', owner];
    await user.succeed('device', 'add', 'probe', '--technician', 't-alpha', ...probe);
    await issue('probe-1', 'probe', 't-alpha', '--parent', 'nmi-north/silver-1');
    const { status, edges } = await user.succeed<Verdict>('trace', 'probe');
    assert.equal(status, 'TRACEABLE');
    assert.ok(edges.some(({ device }) => device === gold));
    await user.succeed('proof', 'create', 'probe', '-o', file('probe.bundle.json'));
    await user.succeed('proof', 'create', gold, '-o', file('gold.bundle.json'));
    await user.succeed('proof', 'verify', file('probe.bundle.json'));
    await user.succeed('device', 'renew', gold, '--new-key');
    await user.succeed('org', 'renew', owner);
    assert.equal((await user.succeed<Verdict>('trace', 'probe')).status, 'TRACEABLE');
    assert.deepEqual(await user.succeed('find', '--serial', GOLD.serial), []);
    assert.deepEqual(await user.succeed('find', '--serial', 'withheld'), []);
  });

  const open = (name: string, ...args: readonly string[]) => [
    ...['pseudonym', 'open', gold, '-o', file(name)],
    ...args,
  ];

  it('are opened as far as the reader may see, by the certifier alone', async () => {
    await user.succeed(...open('party.json', '--to', 'lab-alpha'));
    const party = await user.succeed<Shown>('pseudonym', 'show', file('party.json'));
    assert.deepEqual(party.facts, { ...GOLD, note: VAULT });
    assert.deepEqual([party.signer, party.to], ['officer:nmi-north/officer', 'lab-alpha']);
    const { notShown } = await user.succeed<{ notShown: string[] }>(...open('member.json', '--to', 'nmi-south'));
    assert.deepEqual(notShown.toSorted(), ['manufacturer', 'note', 'serial']);
    const member = await user.succeed<Shown>('pseudonym', 'show', file('member.json'));
    assert.deepEqual(member.facts, { model: GOLD.model });
    assert.match((await refused(2, ...open('x.json', '--everybody'))).message, /everybody may learn none of the facts/);
    const court = ['--to', 'Regional Court, 12 O 34/26', '--facts', 'serial,manufacturer'];
    assert.match((await refused(2, ...open('x.json', ...court))).message, /state with --reason/);
    await user.succeed(...open('court.json', ...court, '--reason', 'order of the court of today'));
    const shown = await user.succeed<Shown>('pseudonym', 'show', file('court.json'));
    assert.deepEqual(shown.facts, { serial: GOLD.serial, manufacturer: GOLD.manufacturer });
    assert.equal(shown.reason, 'order of the court of today');
    assert.equal((await refused(2, ...open('x.json', '--to', 'lab-alpha', '--as', 'lab-alpha'))).code, 'NOT_THEIRS');
    assert.equal((await refused(2, ...open('court.json', ...court, '--reason', 'again'))).code, 'FILE_UNWRITABLE');
    const who = ['pseudonym', 'open', owner, '-o', file('owner.json'), '--opening', file('owner.pseudonym.json')];
    await user.succeed(...who, '--to', 'Regional Court', '--facts', 'name,identity', '--reason', 'an accident');
    const named = await user.succeed<Shown>('pseudonym', 'show', file('owner.json'));
    assert.deepEqual(named.facts, { name: OWNER.name, identity: OWNER.identity });
  });

  it('are opened to nobody who is mistyped, and only where there is something to open', async () => {
    // Somebody in words is shown what is general. A typing error must not pass for such a person.
    const add = [
      'device',
      'add',
      '--pseudonym',
      '--technician',
      't-north',
      ...described(GOLD),
      '--fact',
      'note=listed',
    ];
    const scopes = ['--scope', 'note=general', '--opening', file('general.pseudonym.json')];
    const { device } = await user.succeed<{ device: string }>(...add, ...scopes);
    kept.push(readPseudonymFile(readFileSync(file('general.pseudonym.json'), 'utf8')));
    const general = ['pseudonym', 'open', device, '--opening', file('general.pseudonym.json')];
    for (const to of ['lab-alhpa', 'Lab-Alpha', ' lab-alpha', 'lab-alpha/t-alpha', 'Gericht', 'court']) {
      const { code, message } = await refused(6, ...general, '-o', file('x.json'), '--to', to);
      assert.equal(code, 'NOT_REGISTERED', message);
      if (/^\s*lab-\w+$/i.test(to)) assert.match(message, /do you mean lab-alpha( or [^?]+)?\?/);
    }
    await user.succeed(...general, '-o', file('everybody.json'), '--everybody');
    assert.deepEqual((await user.succeed<Shown>('pseudonym', 'show', file('everybody.json'))).facts, {
      note: 'listed',
    });
    const silver = await refused(2, 'pseudonym', 'open', 'silver', '--to', 'lab-alpha', '-o', file('x.json'));
    assert.match(silver.message, /lab-alpha\/silver is registered openly/);
    const laboratory = await refused(2, 'pseudonym', 'open', 'lab-alpha', '--to', 'lab-alpha', '-o', file('x.json'));
    assert.match(laboratory.message, /lab-alpha is registered openly.*org show lab-alpha/);
    await refused(6, 'pseudonym', 'open', 'nothing', '--to', 'lab-alpha', '-o', file('x.json'));
    const short = gold.slice(gold.indexOf('/') + 1);
    await user.succeed('pseudonym', 'open', short, '--to', 'lab-alpha', '-o', file('short.json'));
  });

  it('are checked offline with a bundle, and what is not theirs is refused', async () => {
    const bundle = ['--bundle', file('probe.bundle.json')];
    const { facts } = await user.succeed<Shown>('pseudonym', 'show', file('party.json'), ...bundle);
    assert.equal(facts['serial'], GOLD.serial);
    const jws = JSON.parse(readFileSync(file('party.json'), 'utf8')) as { payload: string };
    const content = Buffer.from(jws.payload, 'base64url').toString();
    const forged = Buffer.from(content.replace(GOLD.serial, 'GOLD-00000000')).toString('base64url');
    writeFileSync(file('forged.json'), JSON.stringify({ ...jws, payload: forged }));
    for (const against of [[], bundle]) {
      assert.equal((await refused(2, 'pseudonym', 'show', file('forged.json'), ...against)).code, 'INPUT_INVALID');
    }
    /** The same content, or some other, signed with the key of an officer. */
    const signedBy = async (name: string, organisation: string, changes: object) => {
      const id = `${organisation}/officer`;
      const path = join(user.data, 'keys', 'officers', encodeURIComponent(id));
      const signer = await fileSigner({ key: `${path}.key.pem`, certificate: `${path}.cert.pem` });
      const payload = jwsPayload({ ...(JSON.parse(content) as object), ...changes });
      const who = `officer:${id}`;
      const signature = jwsSignature(who, withLowS(await signer.sign(signingInput(who, payload))));
      writeFileSync(file(name), JSON.stringify({ payload, signatures: [signature] }));
      return file(name);
    };
    const foreign = await signedBy('foreign.json', 'lab-alpha', {});
    const claimed = await signedBy('claimed.json', 'lab-alpha', { certifier: 'lab-alpha' });
    const [, hidden] = kept;
    const other = { kind: 'organisation', id: owner, certifier: 'lab-alpha', root: hidden?.pseudonym.root };
    const mixed = await signedBy('mixed.json', 'lab-alpha', other);
    for (const against of [[], bundle]) {
      assert.equal((await refused(7, 'pseudonym', 'show', foreign, ...against)).code, 'NOT_AUTHORISED');
      assert.equal((await refused(7, 'pseudonym', 'show', claimed, ...against)).code, 'NOT_AUTHORISED');
      assert.match((await refused(2, 'pseudonym', 'show', mixed, ...against)).message, /does not lead to the root/);
    }
    await user.succeed('pseudonym', 'show', await signedBy('same.json', 'nmi-north', {}));
    const renamed = Buffer.from(content.replace('"to":"lab-alpha"', '"to":"lab-omega"')).toString('base64url');
    writeFileSync(file('renamed.json'), JSON.stringify({ ...jws, payload: renamed }));
    for (const against of [[], bundle]) {
      assert.equal((await refused(2, 'pseudonym', 'show', file('renamed.json'), ...against)).code, 'SIGNATURE_INVALID');
    }
  });

  it('fall with all that rests on them', async () => {
    await user.succeed('revoke', 'device', gold, '--reason', 'out-of-tolerance', '--yes');
    assert.equal((await user.no<Verdict>('trace', 'probe')).status, 'FAILED');
    const { devices } = await user.succeed<{ devices: AffectedDevice[] }>('affected', gold);
    assert.deepEqual(devices.map(({ device }) => device).sort(), ['lab-alpha/probe', 'lab-alpha/silver']);
    await user.succeed('pseudonym', 'show', file('party.json'));
    await user.succeed('history', gold);
    const audit = await tell('audit', gold, '--provenance');
    assert.match(audit.replaceAll(/\s+/g, ' '), /registered under a pseudonym by nmi-north: maker withheld/);
    for (const secret of secrets()) assert.ok(!audit.includes(secret));
    const listed = [
      await tell('find', '--owner', 'nmi-north'),
      await tell('affected', gold),
      await tell('org', 'list'),
    ];
    assert.ok(listed.every((text) => secrets().every((secret) => !text.includes(secret))));
    const sheet = await tell('report', 'show', 'nmi-north/silver-1');
    assert.match(sheet.replaceAll(/\s+/g, ' '), /registered under a pseudonym by nmi-north/);
  });

  it('have left no fact and no salt on the ledger, in logs or in bundles, in any coding', () => {
    const isOfCertifier = (path: string) => relative(user.data, path).startsWith(join('keys', 'pseudonyms'));
    const paths = readdirSync(user.data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => !isOfCertifier(path));
    const read = [...paths, file('probe.bundle.json'), file('gold.bundle.json')];
    assert.ok(read.length > 20);
    const wanted = secrets().flatMap((secret) => [secret, ...base64Of(secret)]);
    for (const path of read) {
      const bytes = readFileSync(path);
      for (const secret of wanted) assert.equal(bytes.indexOf(secret), -1, `${path} holds a fact`);
    }
    const blocks = read.some((path) => readFileSync(path).includes(kept[0]?.pseudonym.root ?? '-'));
    assert.ok(
      blocks ||
        read.some((path) => base64Of(kept[0]?.pseudonym.root ?? '').some((part) => readFileSync(path).includes(part))),
    );
  });
});

/** What is inside a text in base64 or base64url, wherever it begins. */
function base64Of(text: string): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
    const inner = whole.slice(offset === 0 ? 0 : 4);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
