import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@tracecal/core/model';
import { genesisBlockOf, newBlock, readConfigBlock } from '@tracecal/network/channel';
import {
  foundersOf,
  foundingOf,
  initMember,
  invitationText,
  acceptInvitations,
  materialWith,
  MemberError,
  memberFileText,
  newcomersOf,
  readMemberFile,
  requireAgreement,
  type Founding,
  type GivenFile,
  type InvitationFile,
  type OwnPart,
} from '@tracecal/network/member';
import { loadMsp, memberTree, ordererTree } from '@tracecal/network/pki';
import { withMembership, type Consortium } from '@tracecal/network/topology';
import { ceremonyOf, contentOf, descriptionText, signedBy, type Ceremony } from '../../support/ceremony.js';
import { epsilon, scenarioConsortium, SHARED } from '../../support/scenarioConsortium.js';

function code(expected: string, sentence: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof MemberError, String(error));
    assert.equal(error.code, expected, error.message);
    assert.match(error.message, sentence);
    return true;
  };
}

describe('A member that joins a running consortium', () => {
  const present: Consortium = scenarioConsortium();
  const next: Consortium = withMembership(present, { join: epsilon });
  let ceremony: Ceremony;
  let founding: Founding;
  let other: Founding;
  let newcomer: OwnPart;

  before(async () => {
    ceremony = await ceremonyOf(next, 'joining');
    newcomer = ceremony.owns.find(({ member }) => member.id === 'epsilon')!;
    founding = await foundingFrom(ceremony);
    const others = await ceremonyOf(next, 'joining-others');
    other = await foundingFrom(others);
    rmSync(others.root, { recursive: true, force: true });
  });

  after(() => rmSync(ceremony.root, { recursive: true, force: true }));

  function foundingFrom({ files }: Ceremony): Promise<Founding> {
    return Promise.resolve(foundingOf(foundersOf(next, files.map(readMemberFile), new Date())));
  }

  function genesis({ blocks }: Founding = founding): Uint8Array {
    return blocks.find(({ channel }) => channel === SHARED)!.block;
  }

  function invitation(...blocks: readonly Uint8Array[]): GivenFile {
    return { name: 'invitation.json', text: invitationText([{ channel: SHARED, blocks }]) };
  }

  function changed(change: (file: InvitationFile) => object): GivenFile {
    const file = JSON.parse(invitation(genesis()).text) as InvitationFile;
    return { name: 'invitation.json', text: `${canonicalJson(change(file))}\n` };
  }

  function refused(own: OwnPart, files: readonly GivenFile[], expected: string, sentence: RegExp): void {
    assert.throws(() => acceptInvitations(own, files), code(expected, sentence));
    assert.equal(existsSync(own.directory.genesisDir), false, 'nothing is written');
    assert.throws(() => requireAgreement(own), code('NOT_ASSEMBLED', /genesis blocks/));
  }

  /** A member directory for this description, with keys of its own. */
  function memberOf(description: Consortium, name: string, id = 'epsilon'): Promise<OwnPart> {
    return initMember(join(ceremony.root, name), descriptionText(description), id);
  }

  describe('by an invitation', () => {
    it('is refused one that is damaged, incomplete, or has a configuration that nobody signed', () => {
      const { text } = invitation(genesis());
      const bytes = genesis();
      const unsigned = genesisBlockOf(SHARED, readConfigBlock(bytes).config);
      const forged = newBlock(1, new Uint8Array(32), unsigned.getData()!.getDataList_asU8()).serializeBinary();
      const base64 = (block: Uint8Array): string => Buffer.from(block).toString('base64');
      const withBlocks = (...blocks: readonly Uint8Array[]) =>
        changed((file) => ({ ...file, channels: [{ name: SHARED, configurations: blocks.map(base64) }] }));
      const broken: readonly (readonly [GivenFile, RegExp])[] = [
        [{ name: 'invitation.json', text: text.slice(1) }, /invitation\.json is refused/],
        [{ name: 'invitation.json', text: ` ${text}` }, /byte for byte/],
        [changed((file) => ({ ...file, channels: [] })), /is refused/],
        [changed((file) => ({ ...file, more: 1 })), /is refused/],
        [withBlocks(forged), /calibration: /],
        [withBlocks(bytes, forged), /calibration: /],
        [withBlocks(bytes, bytes), /calibration: /],
        [withBlocks(bytes.subarray(1)), /calibration: /],
        [
          changed(({ channels, ...file }) => ({
            ...file,
            channels: channels.map((each) => ({ ...each, name: 'other' })),
          })),
          /first block is number 0 of calibration/,
        ],
      ];
      for (const [file, sentence] of broken) refused(newcomer, [file], 'FILE_INVALID', sentence);
    });

    it('is refused when nobody shows one of its channels, or two show different ones', () => {
      refused(newcomer, [], 'MEMBER_MISSING', /No invitation shows the channel calibration/);
      const forged = { ...invitation(genesis(other)), name: 'forged.json' };
      refused(newcomer, [invitation(genesis()), forged], 'FILE_INVALID', /two channels calibration/);
    });

    it('is refused before its own certificates are in the channel', () => {
      refused(newcomer, [invitation(genesis(other))], 'NOT_OWN', /other certificates of epsilon/);
    });

    it('is refused when it has another description', async () => {
      const channels = next.channels.map((each) => ({ ...each, batch: { ...each.batch, maxMessages: 7 } }));
      const own = await memberOf({ ...next, channels }, 'other-batch');
      refused(own, [invitation(genesis())], 'OTHER_DESCRIPTION', /compare consortium\.yaml/);
    });

    it('is refused where it runs an orderer and nobody shows a channel that only the orderer joins', () => {
      const [alpha] = ceremony.owns;
      refused(alpha!, [invitation(genesis())], 'MEMBER_MISSING', /No invitation shows the channel measurement/);
    });

    it('has the first blocks and the certificates of the others, so that nodes may start, until somebody changes them', () => {
      const { channels, fingerprint } = acceptInvitations(newcomer, [invitation(genesis())]);
      assert.deepEqual(
        channels.map(({ channel, digest }) => [channel, digest]),
        founding.blocks.filter(({ channel }) => channel === SHARED).map(({ channel, digest }) => [channel, digest]),
      );
      assert.match(fingerprint, /^(?:[0-9A-Z]{5} ){5}[0-9A-Z]{5}$/);
      const { directory } = newcomer;
      assert.deepEqual(readFileSync(directory.genesisBlock(SHARED)), Buffer.from(genesis()));
      for (const { directory: theirs, member, orderer } of ceremony.owns) {
        if (member.id === 'epsilon') continue;
        const [here, there] = [directory, theirs].map(({ cryptoDir }) => [
          loadMsp(memberTree(cryptoDir, member).msp, member.mspId),
          orderer && loadMsp(ordererTree(cryptoDir, orderer).msp, orderer.mspId),
        ]);
        assert.deepEqual(here, there, member.id);
      }
      requireAgreement(newcomer);
      const file = directory.genesisBlock(SHARED);
      writeFileSync(file, genesis(other));
      assert.throws(() => requireAgreement(newcomer), code('NOT_ASSEMBLED', /genesis blocks/));
      writeFileSync(file, genesis());
      requireAgreement(newcomer);
      // Again, after a rotation of somebody else's certificates, for example.
      acceptInvitations(newcomer, [invitation(genesis())]);
    });
  });

  describe('with a file of its own', () => {
    const given = (): GivenFile => ceremony.files.find(({ name }) => name === 'epsilon.json')!;

    function refusedFile(files: readonly GivenFile[], expected: string, sentence: RegExp): void {
      assert.throws(() => newcomersOf(present, next, files), code(expected, sentence));
    }

    it('brings the certificates that a proposal puts into the channel', () => {
      const own = ceremony.owns[0]!.directory.cryptoDir;
      const newcomers = newcomersOf(present, next, [given()]);
      assert.equal(newcomers.files.length, 1);
      const tree = memberTree(newcomer.directory.cryptoDir, newcomer.member);
      const everybody = { ...newcomers, next: { ...next, orderers: [], organisations: next.organisations.slice(-1) } };
      assert.deepEqual(
        materialWith(everybody, own).msps.get(newcomer.member.mspId),
        loadMsp(tree.msp, newcomer.member.mspId),
      );
    });

    it('is refused one that is missing, double, of a member, of a stranger, or for another description', async () => {
      refusedFile([], 'MEMBER_MISSING', /a new member or orderer, of epsilon, whose file is missing/);
      refusedFile([given(), given()], 'MEMBER_DOUBLED', /are both of epsilon/);
      refusedFile([given(), ceremony.files[0]!], 'CLAIM_REFUSED', /alpha, which is a member already/);
      const [alpha] = ceremony.owns;
      const claimed = { ...contentOf(ceremony.files[0]!), member: 'epsilon' };
      refusedFile([signedBy(alpha!, claimed, 'epsilon')], 'CLAIM_REFUSED', /claims the MSP id AlphaMSP/);
      const described = await memberOf({ ...next, name: 'elsewhere' }, 'elsewhere');
      const elsewhere = { name: 'elsewhere.json', text: memberFileText(described) };
      refusedFile([elsewhere], 'OTHER_DESCRIPTION', /another description/);
    });
  });
});
