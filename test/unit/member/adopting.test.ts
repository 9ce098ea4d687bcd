import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { releasedConfig } from '@tracecal/network/channel';
import { adoptDescription, FabricError } from '@tracecal/network/fabric';
import {
  assembleFounding,
  initMember,
  joinedSince,
  materialWith,
  MemberError,
  memberFileText,
  newcomersOf,
  openOwnPart,
  type Newcomers,
  type OwnPart,
} from '@tracecal/network/member';
import { loadMsp, memberTree } from '@tracecal/network/pki';
import { withMembership } from '@tracecal/network/topology';
import { Config } from '@tracecal/ledger/wire';
import { ceremonyOf, descriptionText, type Ceremony } from '../../support/ceremony.js';
import { epsilon, scenarioConsortium, SHARED } from '../../support/scenarioConsortium.js';

describe('A member that takes a changed description', () => {
  const present = scenarioConsortium();
  const next = withMembership(present, { join: epsilon });
  const text = descriptionText(next);
  let ceremony: Ceremony;
  let alpha: OwnPart;

  before(async () => {
    ceremony = await ceremonyOf(present, 'adopting');
    [alpha] = ceremony.owns as [OwnPart];
    assembleFounding(alpha, ceremony.files);
  });

  after(() => rmSync(ceremony.root, { recursive: true, force: true }));

  /** A new member with keys of its own, as its file shows it. */
  async function newcomerAt(name: string): Promise<{ readonly own: OwnPart; readonly newcomers: Newcomers }> {
    const own = await initMember(join(ceremony.root, name), text, 'epsilon');
    return { own, newcomers: newcomersOf(present, next, [{ name: `${name}.json`, text: memberFileText(own) }]) };
  }

  /** The channel as it is when this newcomer was let in, or before. */
  function configWith(consortium: typeof present, newcomers: Newcomers, of = alpha): Promise<Config> {
    const channel = consortium.channels.find(({ name }) => name === SHARED)!;
    const material = materialWith(newcomers, of.directory.cryptoDir);
    return Promise.resolve(Config.decode(releasedConfig(consortium, channel, material).serializeBinary()));
  }

  function refused(newcomers: Newcomers, config: Promise<Config>, sentence: RegExp): Promise<void> {
    return assert.rejects(adoptDescription(alpha, { text, newcomers, configOf: () => config }), (error) => {
      assert.ok(error instanceof FabricError, String(error));
      assert.equal(error.code, 'OTHER_CONSORTIUM');
      assert.match(error.message, sentence);
      assert.equal(
        readFileSync(alpha.directory.consortiumFile, 'utf8'),
        descriptionText(present),
        'nothing is written',
      );
      return true;
    });
  }

  it('is refused it before the channel is like that, or with the certificates of somebody else', async () => {
    const { newcomers } = await newcomerAt('epsilon');
    await refused(newcomers, configWith(present, newcomers), /other members, orderers, policies or batches/);
    const { newcomers: others } = await newcomerAt('forged');
    await refused(newcomers, configWith(next, others), /other certificates for Application\/EpsilonMSP/);
  });

  it('may have missed a change: it takes the newest description at once, with a file made for an earlier one', async () => {
    const [behind] = (await ceremonyOf(present, 'behind')).owns as [OwnPart];
    const files = [
      ...ceremony.files.filter(({ name }) => name !== 'alpha.json'),
      { name: 'alpha.json', text: memberFileText(behind) },
    ];
    assembleFounding(behind, files);
    const own = await initMember(join(ceremony.root, 'earlier'), text, 'epsilon');
    const channels = next.channels.map((each) => ({ ...each, batch: { ...each.batch, maxMessages: 7 } }));
    const latest = { ...next, channels };
    const file = { name: 'earlier.json', text: memberFileText(own) };
    const newcomers = joinedSince(present, latest, [file]);
    const configOf = () => configWith(latest, newcomers, behind);
    await adoptDescription(behind, { text: descriptionText(latest), newcomers, configOf });
    assert.equal(readFileSync(behind.directory.consortiumFile, 'utf8'), descriptionText(latest));
    const forged = await initMember(join(ceremony.root, 'unlike'), text, 'epsilon');
    const others = joinedSince(present, latest, [{ name: 'unlike.json', text: memberFileText(forged) }]);
    await assert.rejects(adoptDescription(behind, { text, newcomers: others, configOf }), /other certificates/);
    rmSync(join(behind.directory.root, '..'), { recursive: true, force: true });
  });

  it('has it byte for byte, and the certificates of the new member, as often as it asks', async () => {
    const { own, newcomers } = await newcomerAt('again');
    for (const attempt of ['once', 'again']) {
      await adoptDescription(alpha, { text, newcomers, configOf: () => configWith(next, newcomers) });
      assert.equal(readFileSync(alpha.directory.consortiumFile, 'utf8'), text);
      const [here, there] = [alpha, own].map(({ directory }) =>
        loadMsp(memberTree(directory.cryptoDir, own.member).msp, own.member.mspId),
      );
      assert.deepEqual(here, there, attempt);
    }
  });

  it('goes on with it where a member has left whose orderer stays', async () => {
    const without = withMembership(present, { leave: 'gamma', endorsement: {} });
    const changed = descriptionText(without);
    const nobody = newcomersOf(present, without, []);
    await adoptDescription(alpha, {
      text: changed,
      newcomers: nobody,
      configOf: () => configWith(without, nobody),
    });
    const { consortium, orderer } = openOwnPart(alpha.directory.root);
    assert.deepEqual(
      consortium.orderers.filter(({ formerMember }) => formerMember).map(({ runBy }) => runBy),
      ['gamma'],
    );
    assert.equal(orderer?.runBy, 'alpha');
  });

  it('keeps the one that it has where it is no member in the changed one', async () => {
    const gamma = ceremony.owns.find(({ member }) => member.id === 'gamma')!;
    const without = withMembership(present, { leave: 'gamma', endorsement: {} });
    const nobody = newcomersOf(present, without, []);
    const adoption = { text: descriptionText(without), newcomers: nobody, configOf: () => configWith(without, nobody) };
    await assert.rejects(
      adoptDescription(gamma, adoption),
      (error) =>
        error instanceof MemberError && error.code === 'UNKNOWN_MEMBER' && error.message.includes('keep the one'),
    );
    assert.equal(readFileSync(gamma.directory.consortiumFile, 'utf8'), descriptionText(present));
  });
});
