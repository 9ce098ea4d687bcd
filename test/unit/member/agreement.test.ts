import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assembledFounding,
  assembleFounding,
  checkAgreement,
  foundingSignature,
  initMember,
  keepAgreement,
  MemberError,
  memberFileText,
  openOwnPart,
  requireAgreement,
  requireAssembled,
  type GivenFile,
  type OwnPart,
} from '@tracecal/network/member';
import { writeCryptoConfig } from '@tracecal/network/pki';
import type { Consortium } from '@tracecal/network/topology';
import { stringify } from 'yaml';
import {
  ceremonyOf,
  signatureIn,
  descriptionText,
  fingerprintsOf,
  signedBy,
  type Ceremony,
} from '../../support/ceremony.js';
import { scenarioConsortium } from '../../support/scenarioConsortium.js';

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

function code(expected: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof MemberError, String(error));
    assert.equal(error.code, expected, error.message);
    return true;
  };
}

describe('Members that found a consortium by files', () => {
  const consortium: Consortium = scenarioConsortium();
  let ceremony: Ceremony;
  let others: Ceremony;

  before(async () => {
    ceremony = await ceremonyOf(consortium, 'agreement');
    others = await ceremonyOf(consortium, 'others');
  });

  after(() => [ceremony, others].forEach(({ root }) => rmSync(root, { recursive: true, force: true })));

  function signatures(): readonly GivenFile[] {
    return ceremony.owns.map((own) => ({ name: `${own.member.id}.sig`, text: foundingSignature(own).text }));
  }

  it('each have their own keys only, which nobody else may read', () => {
    for (const { directory, member } of ceremony.owns) {
      const files = filesBelow(directory.cryptoDir);
      assert.ok(
        files.every((file) => file.includes(`${member.domain}/`)),
        member.id,
      );
      const keys = files.filter((file) => /priv_sk$|\.key$/.test(file));
      assert.ok(keys.length >= 8);
      for (const key of keys) assert.equal(statSync(key).mode & 0o777, 0o600, key);
    }
  });

  it('keep the keys that they have', async () => {
    const [alpha] = ceremony.owns as [OwnPart];
    const before = filesBelow(alpha.directory.root).map((file) => readFileSync(file, 'utf8'));
    await assert.rejects(initMember(alpha.directory.root, descriptionText(consortium), 'alpha'), code('ALREADY_THERE'));
    assert.deepEqual(
      filesBelow(alpha.directory.root).map((file) => readFileSync(file, 'utf8')),
      before,
    );
  });

  it('leave a data directory of a whole network as it is', async () => {
    const root = join(ceremony.root, 'whole');
    await writeCryptoConfig(consortium, join(root, 'crypto-config'));
    const before = filesBelow(root).length;
    await assert.rejects(initMember(root, descriptionText(consortium), 'alpha'), code('ALREADY_THERE'));
    assert.equal(filesBelow(root).length, before);
    assert.throws(() => openOwnPart(root), code('NOT_A_MEMBERS'));
  });

  it('are named if the description has no such member', async () => {
    const root = join(ceremony.root, 'stranger');
    await assert.rejects(initMember(root, descriptionText(consortium), 'mallory'), code('UNKNOWN_MEMBER'));
    await assert.rejects(initMember(root, descriptionText(consortium), '../alpha'), code('UNKNOWN_MEMBER'));
    assert.equal(existsSync(root), false);
  });

  it('finish what was interrupted before the keys were in place', async () => {
    const root = join(ceremony.root, 'interrupted');
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'consortium.yaml'), descriptionText(consortium));
    const { member } = await initMember(root, descriptionText(consortium), 'alpha');
    assert.equal(member.id, 'alpha');
  });

  it('get the same bytes in whatever order they name the files', () => {
    const [alpha, beta] = ceremony.owns as [OwnPart, OwnPart];
    const one = assembleFounding(alpha, ceremony.files);
    const other = assembleFounding(beta, [...ceremony.files].reverse());
    assert.deepEqual(other, one);
    for (const { channel, block } of one.blocks) {
      for (const { directory } of [alpha, beta])
        assert.deepEqual(readFileSync(directory.genesisBlock(channel)), Buffer.from(block));
    }
    assert.match(one.fingerprint, /^([0-9A-Z]{5} ){5}[0-9A-Z]{5}$/);
  });

  it('get the same again, also from files that were written again', () => {
    const [alpha] = ceremony.owns as [OwnPart];
    const again = ceremony.owns.map((own) => ({ name: own.member.id, text: memberFileText(own) }));
    assert.deepEqual(assembleFounding(alpha, again), assembledFounding(alpha).founding);
  });

  it('may format the description as they like, and comment it', async () => {
    const root = join(ceremony.root, 'formatted');
    const text = `# for us\n${stringify(JSON.parse(descriptionText(consortium)))}`;
    const own = await initMember(root, text, 'alpha');
    assert.equal(own.description, ceremony.owns[0]!.description);
    const changed = {
      ...consortium,
      orderers: consortium.orderers.map((each) => ({ ...each, port: each.port + 10_000 })),
    };
    const other = await initMember(join(ceremony.root, 'changed'), descriptionText(changed), 'alpha');
    assert.notEqual(other.description, own.description);
  });

  it('have no private key of others afterwards', () => {
    const [alpha] = ceremony.owns as [OwnPart];
    assembleFounding(alpha, ceremony.files);
    const foreign = filesBelow(alpha.directory.cryptoDir).filter((file) => !file.includes('alpha.example/'));
    assert.ok(foreign.length > 0);
    assert.deepEqual(
      foreign.filter((file) => readFileSync(file, 'utf8').includes('PRIVATE')),
      [],
    );
  });

  it('agree when all have signed the same, and not before', () => {
    assert.equal(new Set(fingerprintsOf(ceremony)).size, 1);
    const [alpha] = ceremony.owns as [OwnPart];
    assert.equal(checkAgreement(alpha, signatures()).isComplete, true);
    const { isComplete, members } = checkAgreement(alpha, signatures().slice(0, 3));
    assert.equal(isComplete, false);
    assert.deepEqual(members.map(({ member, word }) => [member, word]).slice(2), [
      ['gamma', 'signed'],
      ['delta', 'missing'],
    ]);
  });

  it('see that one of them gave different files to different members', () => {
    // Delta makes two sets of keys, and gives gamma the second one.
    const [alpha, beta, gamma] = ceremony.owns as [OwnPart, OwnPart, OwnPart];
    const second = others.files[3]!;
    const honest = assembleFounding(alpha, ceremony.files);
    assembleFounding(beta, ceremony.files);
    const deceived = assembleFounding(gamma, [...ceremony.files.slice(0, 3), second]);
    assert.notEqual(deceived.fingerprint, honest.fingerprint);
    const said = { name: 'gamma.sig', text: foundingSignature(gamma).text };
    const word = checkAgreement(alpha, [said]).members.find(({ member }) => member === 'gamma');
    assert.equal(word?.word, 'other-founding');
    assert.deepEqual(word.foundings, [deceived.digest]);
    // What delta signs with its first key is not by the delta that gamma knows.
    const deltas = signedBy(ceremony.owns[3]!, { ...signatureIn(said), member: 'delta' });
    const known = checkAgreement(gamma, [deltas]).members.find(({ member }) => member === 'delta');
    assert.equal(known?.word, 'other-key');
    assembleFounding(gamma, ceremony.files);
  });

  it('see who signed two different ones, another description, or in the name of another', () => {
    const [alpha, beta] = ceremony.owns as [OwnPart, OwnPart];
    fingerprintsOf(ceremony);
    const own = signatureIn({ name: 's', text: foundingSignature(beta).text });
    const right = signedBy(beta, own);
    const wordOf = (...files: readonly GivenFile[]) => checkAgreement(alpha, files).members[1]?.word;
    const other = signedBy(beta, { ...own, founding: 'a'.repeat(64) });
    assert.equal(wordOf(right, right), 'signed');
    assert.equal(wordOf(other), 'other-founding');
    assert.equal(wordOf(right, other), 'contradicting');
    assert.equal(wordOf(signedBy(beta, { ...own, description: 'a'.repeat(64) })), 'other-description');
    assert.equal(wordOf(signedBy(alpha, own, 'beta')), 'other-key');
    assert.equal(wordOf(signedBy(beta, own, 'alpha')), 'other-key');
    assert.throws(() => checkAgreement(alpha, [signedBy(beta, { ...own, member: 'mallory' })]), code('CLAIM_REFUSED'));
    assert.throws(() => checkAgreement(alpha, [signedBy(beta, { ...own, more: 1 })]), code('FILE_INVALID'));
  });

  it('sign and check only what was assembled, byte for byte', () => {
    const [alpha] = ceremony.owns as [OwnPart];
    const { channel } = assembleFounding(alpha, ceremony.files).blocks[0]!;
    const file = alpha.directory.genesisBlock(channel);
    const block = readFileSync(file);
    block[block.length - 1] = block[block.length - 1]! ^ 1;
    writeFileSync(file, block);
    assert.throws(() => foundingSignature(alpha), code('NOT_ASSEMBLED'));
    assert.throws(() => checkAgreement(alpha, []), code('NOT_ASSEMBLED'));
    assembleFounding(alpha, ceremony.files);
    foundingSignature(alpha);
    rmSync(alpha.directory.memberFile('beta'));
    assert.throws(() => foundingSignature(alpha), code('NOT_ASSEMBLED'));
    assembleFounding(alpha, ceremony.files);
  });

  it('do not change the genesis blocks under nodes that were started', () => {
    const [alpha] = ceremony.owns as [OwnPart];
    assembleFounding(alpha, ceremony.files);
    mkdirSync(alpha.directory.channelsDir);
    assembleFounding(alpha, ceremony.files);
    const files = [...ceremony.files.slice(0, 3), others.files[3]!];
    assert.throws(() => assembleFounding(alpha, files), code('ALREADY_STARTED'));
    rmSync(alpha.directory.channelsDir, { recursive: true });
  });

  it('start no node before all have signed the same, and are told who has not', () => {
    const [alpha] = ceremony.owns as [OwnPart];
    const whyNot = (): string => {
      try {
        requireAgreement(alpha);
      } catch (error) {
        code('NOT_AGREED')(error);
        return (error as Error).message;
      }
      return 'agreed';
    };
    fingerprintsOf(ceremony);
    assert.match(whyNot(), /the signature of alpha, beta, gamma, delta is missing\. Give/);
    keepAgreement(alpha, signatures().slice(0, 3));
    assert.equal(existsSync(alpha.directory.signaturesDir), false, 'nothing is kept of some');
    keepAgreement(alpha, signatures());
    assert.equal(whyNot(), 'agreed');
    rmSync(alpha.directory.signatureFile('gamma'));
    const [, beta] = ceremony.owns as [OwnPart, OwnPart];
    const right = signatureIn({ name: 's', text: foundingSignature(beta).text });
    const other = signedBy(beta, { ...right, founding: 'a'.repeat(64) });
    writeFileSync(alpha.directory.signatureFile('beta'), other.text);
    assert.match(whyNot(), /the signature of gamma is missing, and beta signed something else\. Give/);
  });

  it('need the signatures no more when nodes have joined a channel, which they did after the check', () => {
    const [alpha] = ceremony.owns as [OwnPart];
    fingerprintsOf(ceremony);
    rmSync(alpha.directory.signaturesDir, { recursive: true, force: true });
    assert.throws(() => requireAgreement(alpha), code('NOT_AGREED'));
    const [first] = consortium.channels.map(({ name }) => alpha.directory.joinedBlock(name));
    assert.ok(first !== undefined);
    mkdirSync(alpha.directory.channelsDir);
    writeFileSync(first, '');
    requireAgreement(alpha);
    rmSync(alpha.directory.channelsDir, { recursive: true });
  });

  it('know nothing of the nodes of others before the files are assembled', async () => {
    const root = join(ceremony.root, 'alone');
    const own = await initMember(root, descriptionText(consortium), 'alpha');
    assert.throws(() => requireAssembled(own), code('NOT_ASSEMBLED'));
    requireAssembled(ceremony.owns[0]!);
  });
});
