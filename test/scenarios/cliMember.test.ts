import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemberStatus } from '@tracecal/network/engine';
import { consortiumText } from '@tracecal/network/topology';
import { CliUser, tracecal } from '../support/commandLine.js';
import { keyFilesBelow } from '../support/keyFiles.js';
import { sharedChannelAlone } from '../support/scenarioConsortium.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Founding {
  readonly fingerprint: string;
  readonly description: string;
  readonly members: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, string>>;
}

interface Agreement {
  readonly agreed: boolean;
  readonly members: readonly { readonly member: string; readonly word: string }[];
}

const IDS = ['alpha', 'beta', 'gamma'] as const;
type Id = (typeof IDS)[number];

/** Three institutes, each with its orderer. */
function description(name = 'ceremony'): string {
  const { organisations, orderers, channels, ...rest } = sharedChannelAlone();
  return consortiumText({
    ...rest,
    name,
    organisations: organisations.filter(({ id }) => IDS.some((each) => each === id)),
    orderers: orderers.slice(0, IDS.length),
    channels: channels.map((channel) => ({ ...channel, readers: [] })),
  });
}

/** A member with a folder of its own, into which files of others only come as copies. */
class Member extends CliUser {
  readonly inbox: string;

  constructor(
    readonly id: Id,
    readonly folder: string,
  ) {
    super(join(folder, 'data'));
    this.inbox = join(folder, 'inbox');
    mkdirSync(this.inbox, { recursive: true });
  }

  get description(): string {
    return join(this.folder, 'consortium.yaml');
  }

  /** The file that this member wrote, for all. */
  get file(): string {
    return join(this.folder, `${this.id}.json`);
  }

  get signature(): string {
    return join(this.folder, `${this.id}.signature.json`);
  }

  async init(text = description()): Promise<void> {
    writeFileSync(this.description, text);
    await this.succeed('member', 'init', '--member', this.id, '--consortium', this.description);
    await this.succeed('member', 'request', '--output', this.file);
  }

  receive(file: string, name: string): string {
    const place = join(this.inbox, name);
    copyFileSync(file, place);
    return place;
  }

  /** The files of this kind that came, as a shell would name them. */
  received(ending: string): readonly string[] {
    const names = readdirSync(this.inbox).filter((name) => name.endsWith(ending));
    return names.sort().map((name) => join(this.inbox, name));
  }

  assemble(): Promise<Founding> {
    return this.succeed<Founding>('member', 'assemble', ...this.received('.member.json'));
  }
}

/** Members who have made their keys and have sent their files to all. */
async function members(): Promise<Readonly<Record<Id, Member>>> {
  const folder = temporaryFolder();
  const all = IDS.map((id) => new Member(id, join(folder, id)));
  for (const each of all) await each.init();
  for (const each of all) for (const other of all) each.receive(other.file, `${other.id}.member.json`);
  const [alpha, beta, gamma] = all as [Member, Member, Member];
  return { alpha, beta, gamma };
}

function wordsOf({ members: words }: Agreement): Readonly<Record<string, string>> {
  return Object.fromEntries(words.map(({ member, word }) => [member, word]));
}

/** Each scenario goes on where the one before it left off. */
describe('A founding ceremony by the command line', function () {
  this.timeout(60_000);
  let alpha: Member;
  let beta: Member;
  let gamma: Member;

  before(async () => {
    ({ alpha, beta, gamma } = await members());
  });

  after(removeTemporaryFolders);

  it('begins with keys for their owner alone, and a file without any', () => {
    for (const { data, file } of [alpha, beta, gamma]) {
      const keys = keyFilesBelow(data);
      assert.ok(keys.length >= 5, 'of CA, TLS CA, administrator and orderer');
      assert.deepEqual(
        keys.filter(({ isOpen }) => isOpen),
        [],
      );
      for (const { path } of keys) assert.equal(statSync(path).mode & 0o777, 0o600, path);
      assert.doesNotMatch(readFileSync(file, 'utf8'), /PRIVATE KEY/);
    }
  });

  it('writes its file so that others with whom it shares a folder can read it', () => {
    assert.equal(statSync(alpha.file).mode, statSync(alpha.description).mode, 'as any file that its user writes');
  });

  it('makes no keys a second time, for this member or another, and writes over no file', async () => {
    const before = keysOf(alpha);
    const text = readFileSync(alpha.file);
    for (const id of ['alpha', 'beta']) {
      const again = ['member', 'init', '--member', id, '--consortium', alpha.description];
      assert.equal(await alpha.fail(7, ...again), 'ALREADY_THERE');
    }
    assert.equal(await alpha.fail(2, 'member', 'request', '--output', alpha.file), 'FILE_UNWRITABLE');
    assert.deepEqual([keysOf(alpha), readFileSync(alpha.file)], [before, text]);
  });

  it('refuses to begin as a member that the description does not have, and leaves nothing', async () => {
    const stranger = new CliUser(join(temporaryFolder(), 'data'));
    const init = ['member', 'init', '--consortium', alpha.description, '--member', 'delta'];
    assert.equal(await stranger.fail(2, ...init), 'UNKNOWN_MEMBER');
    assert.ok(!existsSync(join(stranger.data, 'crypto-config')));
    const none = ['member', 'init', '--member', 'alpha', '--consortium', join(stranger.data, 'none.yaml')];
    assert.equal(await stranger.fail(2, ...none), 'FILE_UNREADABLE');
    assert.equal(await stranger.fail(2, 'member', 'init', '--member', 'alpha'), 'USAGE');
  });

  it('has no other step where no member has begun', async () => {
    const nobody = new CliUser(join(temporaryFolder(), 'data'));
    const output = join(alpha.folder, 'never.json');
    assert.equal(await nobody.fail(2, 'member', 'request', '--output', output), 'NOT_A_MEMBERS');
    assert.equal(await nobody.fail(2, 'member', 'assemble', alpha.file), 'NOT_A_MEMBERS');
    assert.equal(await nobody.fail(2, 'member', 'sign', '--output', output), 'NOT_A_MEMBERS');
    assert.equal(await nobody.fail(2, 'member', 'check', alpha.file), 'NOT_A_MEMBERS');
    for (const step of ['up', 'down', 'status', 'join'])
      assert.equal(await nobody.fail(2, 'member', step), 'NOT_A_MEMBERS');
    assert.ok(!existsSync(output));
  });

  it('shows the file of another member, in words and as JSON, without a data directory', async () => {
    const [, file = ''] = beta.received('.member.json');
    const { code, stdout } = await tracecal(['member', 'show', file]);
    assert.equal(code, 0);
    assert.match(stdout, /^Public material of beta, to found ceremony\n[^]*orderer2[^]*not checked/);
    const reader = new CliUser(join(temporaryFolder(), 'none'));
    const shown = await reader.succeed<{ member: string; digest: string }>('member', 'show', file);
    assert.equal(shown.member, 'beta');
    assert.match(shown.digest, /^[0-9a-f]{64}$/);
    assert.ok(!existsSync(reader.data));
  });

  it('shows no file that was changed on the way, or is not there', async () => {
    const changed = join(alpha.folder, 'changed.json');
    writeFileSync(changed, readFileSync(beta.file, 'utf8').replace(/"payload":"(.)/, '"payload":"X'));
    assert.equal(await alpha.fail(2, 'member', 'show', changed), 'FILE_INVALID');
    assert.equal(await alpha.fail(2, 'member', 'show', join(alpha.folder, 'none.json')), 'FILE_UNREADABLE');
  });

  it('signs nothing before the files are assembled', async () => {
    assert.equal(await alpha.fail(2, 'member', 'sign', '--output', alpha.signature), 'NOT_ASSEMBLED');
    assert.ok(!existsSync(alpha.signature));
  });

  it('starts no node before the files are assembled, and knows no other member', async () => {
    assert.equal(await alpha.fail(2, 'member', 'up', '--detach'), 'NOT_ASSEMBLED');
    assert.equal(await alpha.fail(2, 'member', 'status'), 'NOT_ASSEMBLED');
    assert.deepEqual(await alpha.succeed('member', 'down'), { member: 'alpha', stopped: false });
  });

  it('assembles nothing while a file is missing, and says whom to ask', async () => {
    const some = alpha.received('.member.json').slice(0, 2);
    const { code, stderr } = await tracecal(['member', 'assemble', ...some, '--data', alpha.data]);
    assert.equal(code, 2);
    assert.match(stderr, /file of gamma is missing: ask gamma[^]*\[MEMBER_MISSING\]/);
    assert.ok(!stderr.includes(alpha.data), 'gamma does not write its file from the data directory of alpha');
    const none = [...some, join(alpha.inbox, 'none.json')];
    assert.equal(await alpha.fail(2, 'member', 'assemble', ...none), 'FILE_UNREADABLE');
    assert.ok(!existsSync(join(alpha.data, 'genesis')));
  });

  it('assembles no file of another consortium, and none for another description', async () => {
    for (const [name, text] of [
      ['another name', description('another')],
      ['another port', description().replace(/port: 7251/, 'port: 7299')],
    ] as const) {
      assert.notEqual(text, description());
      const elsewhere = new Member('gamma', join(temporaryFolder(), 'gamma'));
      await elsewhere.init(text);
      const files = alpha.received('.member.json').slice(0, 2);
      const code = await alpha.fail(2, 'member', 'assemble', ...files, elsewhere.file);
      assert.equal(code, 'OTHER_DESCRIPTION', name);
    }
    assert.ok(!existsSync(join(alpha.data, 'genesis')));
  });

  it('gives all members the same fingerprint and blocks, as often as they assemble', async () => {
    const foundings = [await alpha.assemble(), await beta.assemble(), await gamma.assemble(), await alpha.assemble()];
    for (const founding of foundings) assert.deepEqual(founding, foundings[0]);
    assert.match(foundings[0]!.fingerprint, /^([0-9A-Z]{5} ){5}[0-9A-Z]{5}$/);
    assert.deepEqual(Object.keys(foundings[0]!.channels), ['calibration']);
    const blocks = [alpha, beta, gamma].map(({ data }) => readFileSync(join(data, 'genesis', 'calibration.block')));
    for (const block of blocks) assert.deepEqual(block, blocks[0]);
    const { stdout } = await tracecal(['member', 'assemble', ...beta.received('.member.json'), '--data', beta.data]);
    assert.ok(stdout.includes(`The fingerprint of all is ${foundings[0]!.fingerprint}.`), stdout);
    assert.match(stdout, /by telephone/);
  });

  it('ends with 5 while a signature is missing, and names who has not signed', async () => {
    for (const each of [alpha, beta]) await each.succeed('member', 'sign', '--output', each.signature);
    const check = ['member', 'check', alpha.signature, beta.signature];
    const agreement = await alpha.answers<Agreement>(5, ...check);
    assert.equal(agreement.agreed, false);
    assert.deepEqual(wordsOf(agreement), { alpha: 'signed', beta: 'signed', gamma: 'missing' });
    const { code, stdout } = await tracecal([...check, '--data', alpha.data]);
    assert.equal(code, 5);
    assert.match(stdout, /gamma +has not signed: ask gamma[^]*start no node before they have/);
  });

  it('starts no node while a signature is missing, and says whose, nor the nodes of all at any time', async () => {
    const files = readdirSync(alpha.data).sort();
    const { code, stderr } = await tracecal(['member', 'up', '--detach', '--data', alpha.data]);
    assert.equal(code, 5);
    assert.match(stderr, /the signature of alpha, beta, gamma is missing[^]*\[NOT_AGREED\]/);
    const all = await tracecal(['up', '--detach', '--data', alpha.data]);
    assert.equal(all.code, 2);
    assert.match(all.stderr, /belongs to one member[^]*tracecal member up[^]*\[DATA_UNUSABLE\]/);
    const output = join(alpha.data, 'deployed');
    assert.equal(await alpha.fail(5, 'member', 'deploy', '--target', 'compose', '--output', output), 'NOT_AGREED');
    assert.equal(await alpha.fail(5, 'member', 'join'), 'NOT_AGREED');
    assert.deepEqual(readdirSync(alpha.data).sort(), files);
  });

  it('shows that no node runs, and whom it does not reach', async () => {
    const { nodes, chaincodes, others } = await alpha.answers<MemberStatus>(3, 'member', 'status');
    assert.deepEqual(
      nodes.map(({ kind, isRunning }) => [kind, isRunning]),
      [
        ['orderer', false],
        ['peer', false],
      ],
    );
    assert.ok(chaincodes.every(({ isApproved }) => isApproved === undefined));
    assert.deepEqual(
      others.map(({ member, kind, isReached }) => [member, kind, isReached]),
      ['peer', 'orderer'].flatMap((kind) => ['beta', 'gamma'].map((member) => [member, kind, false])),
    );
  });

  it('ends with 0 at every member once all have signed', async () => {
    await gamma.succeed('member', 'sign', '--output', gamma.signature);
    for (const each of [alpha, beta, gamma]) {
      for (const { signature, id } of [alpha, beta, gamma]) each.receive(signature, `${id}.signature.json`);
      const agreement = await each.succeed<Agreement>('member', 'check', ...each.received('.signature.json'));
      assert.equal(agreement.agreed, true);
    }
  });

  it('shows a signature, and takes it for no file of a member', async () => {
    const { code, stdout } = await tracecal(['member', 'show', beta.signature]);
    assert.equal(code, 0);
    assert.match(stdout, /^Signature of beta to found ceremony\n[^]*not checked/);
    const mixed = [...alpha.received('.member.json').slice(0, 2), gamma.signature];
    assert.equal(await alpha.fail(2, 'member', 'assemble', ...mixed), 'FILE_INVALID');
    assert.equal(await alpha.fail(2, 'member', 'check', gamma.file), 'FILE_INVALID');
    assert.equal(await alpha.fail(2, 'member', 'check', join(alpha.folder, 'none.json')), 'FILE_UNREADABLE');
  });

  it('signs again into a new file only', async () => {
    const text = readFileSync(alpha.signature);
    assert.equal(await alpha.fail(2, 'member', 'sign', '--output', alpha.signature), 'FILE_UNWRITABLE');
    assert.deepEqual(readFileSync(alpha.signature), text);
    const again = join(alpha.folder, 'again.signature.json');
    await alpha.succeed('member', 'sign', '--output', again);
    await beta.succeed('member', 'check', again, beta.signature, gamma.signature);
  });

  it('ends with 1 where somebody has signed something else, and says who got other files', async () => {
    const second = new Member('gamma', join(temporaryFolder(), 'gamma'));
    await second.init();
    second.receive(alpha.file, 'alpha.member.json');
    second.receive(beta.file, 'beta.member.json');
    second.receive(second.file, 'gamma.member.json');
    const { fingerprint } = await second.assemble();
    beta.receive(second.file, 'gamma.member.json');
    assert.equal((await beta.assemble()).fingerprint, fingerprint);
    const other = join(beta.folder, 'other.signature.json');
    await beta.succeed('member', 'sign', '--output', other);

    const check = ['member', 'check', alpha.signature, other, gamma.signature];
    const agreement = await alpha.no<Agreement>(...check);
    assert.equal(agreement.agreed, false);
    assert.equal(wordsOf(agreement)['beta'], 'other-founding');
    const { stdout } = await tracecal([...check, '--data', alpha.data]);
    assert.ok(stdout.replace(/\s+/g, ' ').includes(`beta has signed ${fingerprint}`), stdout);
  });

  it('signs and checks nothing under a description that was changed afterwards', async () => {
    const own = join(alpha.data, 'consortium.yaml');
    const text = readFileSync(own, 'utf8');
    writeFileSync(own, text.replace(/port: 7251/, 'port: 7299'));
    const output = join(alpha.folder, 'changed.signature.json');
    const codes = [
      await alpha.fail(2, 'member', 'sign', '--output', output),
      await alpha.fail(2, 'member', 'check', ...alpha.received('.signature.json')),
    ];
    assert.deepEqual(codes, ['OTHER_DESCRIPTION', 'OTHER_DESCRIPTION']);
    assert.ok(!existsSync(output));
    writeFileSync(own, text);
    await alpha.succeed('member', 'check', ...alpha.received('.signature.json'));
  });
});

function keysOf({ data }: Member): readonly (readonly [path: string, key: string])[] {
  return keyFilesBelow(data).map(({ path }) => [path, readFileSync(path, 'utf8')] as const);
}
