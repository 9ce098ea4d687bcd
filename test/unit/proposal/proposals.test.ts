import assert from 'node:assert/strict';
import { common } from '@hyperledger/fabric-protos';
import { canonicalJson } from '@tracecal/core/model';
import { CHANGED_BY_FILES, describedConfig, isAsDescribed } from '@tracecal/network/channel';
import {
  changeWords,
  consequences,
  createApproving,
  createProposal,
  hasEnough,
  mergeProposals,
  needsOf,
  proposalOf,
  proposalText,
  ProposalError,
  readProposal,
  requireProposable,
  signProposal,
  stateOf,
  withBatch,
  type Proposal,
  type ProposalErrorCode,
  type ProposalFile,
} from '@tracecal/network/proposal';
import { withMembership } from '@tracecal/network/topology';
import { Config, ConfigUpdate, Orderers as OrderersValue } from '@tracecal/ledger/wire';
import { ConsortiumFixture } from '../channel/consortium.js';

const CHANNEL = 'calibration';

function refusal(code: ProposalErrorCode, words: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof ProposalError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, words);
    assert.match(error.message, /^[^\n]+[.]$/);
    return true;
  };
}

describe('A proposal', () => {
  let fixture: ConsortiumFixture;
  let present: Config;

  before(async () => {
    fixture = await ConsortiumFixture.shared();
    present = configOf(fixture.consortium);
  });

  function configOf(consortium: ConsortiumFixture['consortium']): Config {
    const channel = consortium.channels.find(({ name }) => name === CHANNEL)!;
    const described = describedConfig(consortium, channel, fixture.template, fixture.material);
    return { ...Config.decode(described.serializeBinary()), sequence: 3 };
  }

  function batchOf(maxMessages: number): Proposal {
    const next = withBatch(fixture.consortium, CHANNEL, { maxMessages });
    return createProposal(CHANNEL, present, { next, subjects: ['batch'], material: fixture.material });
  }

  function signerOf(id: string) {
    const { mspId } = fixture.consortium.organisations.find((each) => each.id === id)!;
    return { mspId, ...fixture.admin(id) };
  }

  const signedBy = (proposal: Proposal, ...ids: readonly string[]): Promise<Proposal> =>
    signProposal(proposal, present, ids.map(signerOf));

  const text = (proposal: Proposal) => ({ name: 'proposal.json', text: proposalText(proposal) });

  function changed(proposal: Proposal, change: (file: ProposalFile) => object) {
    const file = JSON.parse(proposalText(proposal)) as ProposalFile;
    return { name: 'changed.json', text: `${canonicalJson(change(file))}\n` };
  }

  /** An update whose author wants something else than a description. */
  function handMade(change: (root: common.ConfigGroup) => void): Proposal {
    const current = common.Config.deserializeBinary(Config.encode(present));
    const read = new common.ConfigGroup();
    const write = new common.ConfigGroup();
    write.setVersion(0);
    read.setVersion(0);
    const ordering = current.getChannelGroup()!.getGroupsMap().get('Orderer')!;
    const below = new common.ConfigGroup();
    const value = ordering.getValuesMap().get('ConsensusType')!.clone();
    value.setVersion(1);
    below.getValuesMap().set('ConsensusType', value);
    write.getGroupsMap().set('Orderer', below);
    read.getGroupsMap().set('Orderer', new common.ConfigGroup());
    change(below);
    const update = new common.ConfigUpdate();
    update.setChannelId(CHANNEL);
    update.setReadSet(read);
    update.setWriteSet(write);
    const bytes = ConfigUpdate.encode(ConfigUpdate.decode(update.serializeBinary()));
    return proposalOf({ channel: CHANNEL, config: present, update: bytes, signatures: [] });
  }

  it('says what it changes, from what to what, and who may decide it', () => {
    const proposal = batchOf(7);
    const [words, ...others] = changeWords(proposal.effect.changes);
    assert.deepEqual(others, []);
    assert.deepEqual(words, {
      where: '/Channel/Orderer/BatchSize',
      what: 'value',
      how: 'changed',
      details: ['maxMessageCount: 500 -> 7'],
      isFull: true,
    });
    const [need] = needsOf(proposal);
    assert.equal(need?.policy, '/Channel/Orderer/Admins');
    assert.match(need.rule ?? '', /^OutOf\(2, 'NMINorthMSP\.admin'/i);
    assert.equal(need.isSatisfied, false);
    assert.equal(need.open.length, 3);
  });

  it('is read again from its file as it was written', async () => {
    const proposal = await signedBy(batchOf(7), 'nmi-north');
    const read = readProposal(text(proposal));
    assert.equal(proposalText(read), proposalText(proposal));
    assert.equal(read.digest, proposal.digest);
    assert.equal(read.signatures.length, 1);
  });

  it('is not made where nothing changes, or for a channel that is not described', () => {
    assert.throws(() => batchOf(500), refusal('NO_CHANGE', /calibration is already/));
    assert.throws(
      () => withBatch(fixture.consortium, 'elsewhere', { maxMessages: 1 }),
      refusal('UNKNOWN_CHANNEL', /no channel "elsewhere": name one of calibration/),
    );
  });

  it('lets readers approve definitions of chaincodes, and ends this as it was before', () => {
    const { consortium } = fixture;
    const opening = createApproving(CHANNEL, present, consortium, true);
    const words = changeWords(opening.effect.changes);
    assert.ok(words.length > 0 && words.every(({ isFull, what }) => isFull && what === 'policy'));
    assert.ok(words.some(({ where, details }) => where === '/Channel/Writers' && details.length > 0));
    const closing = createApproving(CHANNEL, { ...opening.effect.next, sequence: 4 }, consortium, false);
    assert.deepEqual(
      changeWords(closing.effect.changes).map(({ where }) => where),
      words.map(({ where }) => where),
    );
    assert.throws(() => createApproving(CHANNEL, present, consortium, false), refusal('NO_CHANGE', /is already/));
    assert.throws(
      () => createApproving('elsewhere', present, consortium, true),
      refusal('UNKNOWN_CHANNEL', /no channel "elsewhere"/),
    );
  });

  it('does not carry two orderers at once, or one at another place, or other channels', () => {
    const { consortium } = fixture;
    const [first, ...others] = consortium.orderers;
    requireProposable(consortium, withBatch(consortium, CHANNEL, { maxMessages: 9 }));
    requireProposable(consortium, { ...consortium, orderers: others });
    requireProposable({ ...consortium, orderers: others }, consortium);
    requireProposable({ ...consortium, channels: consortium.channels.slice(1) }, consortium);
    assert.throws(
      () => requireProposable(consortium, { ...consortium, orderers: others.slice(1) }),
      refusal('NOT_PROPOSABLE', /2 orderers more or less: propose one after the other/),
    );
    assert.throws(
      () => requireProposable(consortium, { ...consortium, orderers: [{ ...first!, port: 9999 }, ...others] }),
      refusal('NOT_PROPOSABLE', /orderer orderer1 at another place or with another number/),
    );
    const entered = consortium.channels.map((each) =>
      each.level === 'measurement' ? { ...each, readers: [...each.readers, 'oem-b', 'oem-a'] } : each,
    );
    assert.throws(
      () => requireProposable(consortium, { ...consortium, channels: entered }),
      refusal('NOT_PROPOSABLE', /has oem-[ab] in measurement-[ab], which runs already without it/),
    );
    for (const next of [
      { ...consortium, channels: consortium.channels.slice(1) },
      { ...consortium, name: 'another' },
    ]) {
      assert.throws(() => requireProposable(consortium, next), refusal('NOT_PROPOSABLE', /lacks a channel/));
    }
  });

  it('has enough signatures when a majority of the institutes has signed, and names who has not', async () => {
    const one = await signedBy(batchOf(7), 'nmi-north');
    assert.equal(hasEnough(needsOf(one)), false);
    assert.deepEqual(needsOf(one)[0]?.signed, [signerOf('nmi-north').mspId]);
    assert.deepEqual(needsOf(one)[0]?.open, [signerOf('nmi-east').mspId, signerOf('nmi-south').mspId].sort());
    assert.equal(hasEnough(needsOf(await signedBy(one, 'nmi-south'))), true);
  });

  it('counts an administrator once, however often they sign', async () => {
    const once = await signedBy(batchOf(7), 'nmi-north');
    const twice = await signedBy(once, 'nmi-north');
    assert.equal(proposalText(twice), proposalText(once));
    const again = await signedBy(batchOf(7), 'nmi-north');
    assert.equal(mergeProposals([text(once), text(again)]).signatures.length, 1);
  });

  it('joins the signatures of members who signed apart, in any order', async () => {
    const [north, south] = [await signedBy(batchOf(7), 'nmi-north'), await signedBy(batchOf(7), 'nmi-south')];
    const merged = mergeProposals([text(north), text(south)]);
    assert.equal(hasEnough(needsOf(merged)), true);
    assert.equal(proposalText(mergeProposals([text(south), text(north)])), proposalText(merged));
  });

  it('is not joined with the signatures of another change', async () => {
    const [seven, eight] = [await signedBy(batchOf(7), 'nmi-north'), await signedBy(batchOf(8), 'nmi-south')];
    assert.throws(
      () => mergeProposals([text(seven), { ...text(eight), name: 'eight.json' }]),
      refusal('OTHER_PROPOSAL', /proposal\.json and eight\.json carry different changes/),
    );
  });

  it('refuses a signature of another change, and one that was altered', async () => {
    const seven = await signedBy(batchOf(7), 'nmi-north');
    const moved = changed(batchOf(8), (file) => ({
      ...file,
      signatures: (JSON.parse(proposalText(seven)) as ProposalFile).signatures,
    }));
    assert.throws(
      () => readProposal(moved),
      refusal('SIGNATURE_INVALID', /changed\.json has a signature that does not hold/),
    );
    const foreign = await signedBy(batchOf(7), 'nmi-south');
    const [own] = (JSON.parse(proposalText(seven)) as ProposalFile).signatures;
    const inAnothersName = changed(foreign, (file) => ({
      ...file,
      signatures: [{ ...own!, signature: file.signatures[0]!.signature }],
    }));
    assert.throws(() => readProposal(inAnothersName), refusal('SIGNATURE_INVALID', /does not hold/));
  });

  it('takes no signature of somebody who administers nothing', async () => {
    const { mspId } = signerOf('nmi-north');
    const peer = { mspId, ...fixture.peer('nmi-north') };
    await assert.rejects(
      signProposal(batchOf(7), present, [peer]),
      refusal('NOT_ADMINISTRATOR', /not by an administrator/),
    );
    await assert.rejects(
      signedBy(batchOf(7), 'lab-alpha'),
      refusal('NOT_NEEDED', /No policy asks for a signature of LabAlphaMSP/),
    );
  });

  it('cannot describe itself: whatever is not read is refused', () => {
    const lies: readonly ((file: ProposalFile) => object)[] = [
      (file) => ({ ...file, description: 'A larger batch' }),
      (file) => ({ ...file, type: 'tracecal-proposal/2' }),
      (file) => ({ ...file, channel: 'measurement-a' }),
      (file) => ({ ...file, update: `${file.update.slice(0, -4)}AAAA` }),
      (file) => ({
        ...file,
        update: Buffer.concat([Buffer.from(file.update, 'base64'), Buffer.from([0x7a, 0])]).toString('base64'),
      }),
      ({ signatures, ...file }) => ({ ...file, signatures: [...signatures, { header: 'AA==', signature: 'AA==' }] }),
      ({ config, ...file }) => ({ ...file, config: config.slice(0, 400) }),
      ({ type, channel, update, signatures }) => ({ type, channel, update, signatures }),
    ];
    for (const lie of lies) {
      assert.throws(
        () => readProposal(changed(batchOf(7), lie)),
        (error) => error instanceof ProposalError && ['FILE_INVALID', 'SIGNATURE_INVALID'].includes(error.code),
      );
    }
    const spaced = { name: 'spaced.json', text: `${proposalText(batchOf(7))} ` };
    assert.throws(() => readProposal(spaced), refusal('FILE_INVALID', /byte for byte/));
    const large = { name: 'large.json', text: ' '.repeat(3_000_000) };
    assert.throws(() => readProposal(large), refusal('FILE_INVALID', /at most 2097152/));
  });

  it('is not signed against a configuration that somebody invented, which would hide what it removes', async () => {
    const proposal = batchOf(7);
    const other = configOf(withBatch(fixture.consortium, CHANNEL, { timeoutMs: 999 }));
    await assert.rejects(
      signProposal(proposal, other, [signerOf('nmi-north')]),
      refusal(
        'STALE',
        /made for configuration 3 of calibration, which has another configuration 3 now: create it anew/,
      ),
    );
  });

  it('is stale when another change was first, and applied when its own was', async () => {
    const [seven, eight] = [batchOf(7), batchOf(8)];
    assert.equal(stateOf(seven, present), 'open');
    assert.equal(stateOf(seven, seven.effect.next), 'applied');
    assert.equal(stateOf(seven, eight.effect.next), 'stale');
    await assert.rejects(
      signProposal(seven, eight.effect.next, [signerOf('nmi-north')]),
      refusal('STALE', /made for configuration 3 of calibration, which has configuration 4 now/),
    );
  });

  it('is not signed while it changes something that cannot be shown in full', async () => {
    const hidden: readonly ((orderer: common.ConfigGroup) => void)[] = [
      (orderer) => orderer.getValuesMap().get('ConsensusType')!.setModPolicy('Writers'),
      (orderer) =>
        orderer
          .getValuesMap()
          .get('ConsensusType')!
          .setValue(Buffer.from([0x0a, 3, 0x42, 0x46, 0x54, 0x12, 1, 9])),
    ];
    for (const change of hidden) {
      const proposal = handMade(change);
      const [words] = changeWords(proposal.effect.changes);
      assert.deepEqual([words?.where, words?.isFull], ['/Channel/Orderer/ConsensusType', false]);
      await assert.rejects(
        signedBy(proposal, 'nmi-north'),
        refusal('NOT_SHOWN', /changes \/Channel\/Orderer\/ConsensusType, which this release cannot show in full/),
      );
    }
  });

  it('shows a member that leaves, and the policies that change with it', () => {
    const next = withMembership(fixture.consortium, { leave: 'nmi-east', endorsement: {} });
    const proposal = createProposal(CHANNEL, present, { next, subjects: ['members'], material: fixture.material });
    const words = changeWords(proposal.effect.changes);
    assert.ok(words.every(({ isFull }) => isFull));
    const { mspId } = signerOf('nmi-east');
    assert.ok(words.some(({ where, how }) => where === `/Channel/Application/${mspId}` && how === 'removed'));
    const admins = words.find(({ where }) => where === '/Channel/Application/Admins');
    assert.match(admins?.details.join() ?? '', new RegExp(`rule: OutOf\\(2, .*${mspId}\\.admin.* -> `));
  });

  it('shows the certificates of a member that joins by their owners and digests', () => {
    const before = configOf(withMembership(fixture.consortium, { leave: 'lab-beta', endorsement: {} }));
    const proposal = createProposal(CHANNEL, before, {
      next: fixture.consortium,
      subjects: ['members'],
      material: fixture.material,
    });
    const words = changeWords(proposal.effect.changes);
    const msp = words.find(({ where }) => where === `/Channel/Application/${signerOf('lab-beta').mspId}/MSP`);
    assert.equal(msp?.how, 'added');
    assert.match(
      msp.details.join('\n'),
      /rootCerts 1: certificate of .*CN=ca\.lab-beta\.example.*SHA-256 [0-9a-f]{64}/,
    );
    assert.ok(words.every(({ isFull }) => isFull));
  });

  describe('of an orderer', () => {
    const isLast = ({ name }: { readonly name: string }): boolean => name === 'orderer4';
    const withoutLast = () => ({
      ...fixture.consortium,
      orderers: fixture.consortium.orderers.filter((each) => !isLast(each)),
    });
    const proposed = (before: ConsortiumFixture['consortium'], next: ConsortiumFixture['consortium']) =>
      createProposal(CHANNEL, configOf(before), { next, subjects: CHANGED_BY_FILES, material: fixture.material });

    it('that comes is shown in full, with its certificates, and with how many have to sign a block then', () => {
      const proposal = proposed(withoutLast(), fixture.consortium);
      const words = changeWords(proposal.effect.changes);
      assert.ok(
        words.every(({ isFull }) => isFull),
        JSON.stringify(words.filter(({ isFull }) => !isFull)),
      );
      const detailsOf = (path: string) => words.find(({ where }) => where === path)?.details.join('\n') ?? '';
      assert.match(
        detailsOf('/Channel/Orderer/Orderers'),
        /consenterMapping 4\.identity: certificate of .*CN=orderer4\./,
      );
      const blocks = detailsOf('/Channel/Orderer/BlockValidation');
      assert.match(
        blocks,
        /signatures needed: 3\n|signer 4: LabAlphaOrdererMSP, certificate of .*SHA-256 [0-9a-f]{64}/,
      );
      assert.match(blocks, /signer 4: LabAlphaOrdererMSP/);
      const read = (config: Config) => common.Config.deserializeBinary(Config.encode(config));
      assert.ok(isAsDescribed(CHANNEL, read(proposal.effect.next), read(configOf(fixture.consortium))));
      assert.ok(!isAsDescribed(CHANNEL, read(configOf(withoutLast())), read(configOf(fixture.consortium))));
      const said = consequences(proposal);
      assert.match(said[0]!, /needs 3 of these 4 orderers afterwards: .*LabAlphaOrdererMSP\.$/);
      assert.match(said[1]!, /orderer of LabAlphaOrdererMSP counts from then on.*before it runs/);
    });

    it('that goes leaves the certificates of the others as the channel has them', () => {
      const before = configOf(fixture.consortium);
      const proposal = proposed(fixture.consortium, withoutLast());
      const consentersOf = ({ channelGroup }: Config) =>
        OrderersValue.decode(channelGroup!.groups.get('Orderer')!.values.get('Orderers')!.value).consenterMapping;
      assert.deepEqual(consentersOf(proposal.effect.next), consentersOf(before).slice(0, 3));
      assert.match(consequences(proposal)[0]!, /needs 2 of these 3 orderers afterwards/);
      assert.match(consequences(proposal)[1]!, /LabAlphaOrdererMSP does not count any more/);
    });
  });

  describe('of an institute', () => {
    const ENDORSEMENT = '/Channel/Application/Endorsement';

    /** The channel after the members became those of a description, by the members' proposal for it. */
    function proposed(before: ConsortiumFixture['consortium'], next: ConsortiumFixture['consortium']) {
      return createProposal(CHANNEL, configOf(before), {
        next,
        subjects: ['members', 'batch'],
        material: fixture.material,
      });
    }

    const without = (id: string) => withMembership(fixture.consortium, { leave: id, endorsement: {} });
    const detailsOf = (proposal: Proposal, path: string) =>
      changeWords(proposal.effect.changes)
        .find(({ where }) => where === path)
        ?.details.join();

    it('that falls takes it out of every policy, and says how many of the others have to endorse then', async () => {
      const proposal = proposed(fixture.consortium, without('nmi-east'));
      const { mspId } = signerOf('nmi-east');
      const { channelGroup } = proposal.effect.next;
      assert.ok(channelGroup);
      const application = channelGroup.groups.get('Application')!;
      for (const [name, policy] of [...channelGroup.policies, ...application.policies]) {
        assert.ok(!Buffer.from(policy.policy?.value ?? []).includes(mspId), `${name} names ${mspId}`);
      }
      const ordering = channelGroup.groups.get('Orderer')!.policies.get('Admins')!;
      assert.ok(!Buffer.from(ordering.policy?.value ?? []).includes(mspId));
      const said = consequences(proposal);
      assert.match(said[0]!, /needs the peers of 2 of these 2 afterwards: NmiNorthMSP, NmiSouthMSP\./);
      assert.match(said[1]!, /NmiEastMSP does not count any more.*revoke it in the registry first/);
      assert.equal(said.length, 2);
      assert.equal(hasEnough(needsOf(await signedBy(proposal, 'nmi-north'))), false);
      assert.equal(hasEnough(needsOf(await signedBy(proposal, 'nmi-north', 'nmi-south'))), true);
    });

    it('that is admitted counts in every policy, and does not decide about its own admission', async () => {
      const before = without('nmi-east');
      const proposal = proposed(before, fixture.consortium);
      const { mspId } = signerOf('nmi-east');
      assert.match(detailsOf(proposal, ENDORSEMENT)!, new RegExp(`-> OutOf\\(2, .*'${mspId}\\.peer'\\)`));
      assert.match(consequences(proposal)[1]!, /NmiEastMSP counts from then on: invite it at once/);
      const current = configOf(before);
      await assert.rejects(
        signProposal(proposal, current, [signerOf('nmi-east')]),
        refusal('NOT_NEEDED', /No policy asks for a signature of NmiEastMSP/),
      );
      const one = await signProposal(proposal, current, [signerOf('nmi-north')]);
      assert.equal(hasEnough(needsOf(one)), false);
      assert.equal(hasEnough(needsOf(await signProposal(one, current, [signerOf('nmi-south')]))), true);
    });

    it('says nothing of peers where it changes none that count', () => {
      assert.deepEqual(consequences(batchOf(7)), []);
      assert.deepEqual(consequences(proposed(fixture.consortium, without('lab-beta'))), []);
    });
  });
});
