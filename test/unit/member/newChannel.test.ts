import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { readConfigBlock, releasedConfig, withAuthorities } from '@tracecal/network/channel';
import { adoptDescription } from '@tracecal/network/fabric';
import {
  beginRotation,
  channelsFingerprint,
  materialWith,
  MemberError,
  newcomersOf,
  requireAgreement,
  type OwnPart,
} from '@tracecal/network/member';
import { loadMsp, memberTree } from '@tracecal/network/pki';
import type { Channel, Consortium } from '@tracecal/network/topology';
import { Config } from '@tracecal/ledger/wire';
import { agree, ceremonyOf, descriptionText, type Ceremony } from '../../support/ceremony.js';
import { scenarioConsortium } from '../../support/scenarioConsortium.js';

describe('A channel that a changed description adds', () => {
  const present = scenarioConsortium();
  const added: Channel = {
    ...{ name: 'comparison', level: 'calibration', writers: ['alpha', 'beta'], readers: [] },
    batch: { maxMessages: 10, timeoutMs: 100 },
  };
  const next: Consortium = { ...present, channels: [...present.channels, added] };
  const text = descriptionText(next);
  const newcomers = newcomersOf(present, next, []);
  let ceremony: Ceremony;

  beforeEach(async () => {
    ceremony = await ceremonyOf(present, 'new-channel');
    agree(ceremony);
  });

  afterEach(() => rmSync(ceremony.root, { recursive: true, force: true }));

  const ownOf = (id: string): OwnPart => ceremony.owns.find(({ member }) => member.id === id)!;

  /** The channels as they run. */
  function configOf(name: string) {
    const channel = present.channels.find((each) => each.name === name);
    assert.ok(channel, `${name} does not run`);
    const { directory } = ownOf('gamma');
    return releasedConfig(present, channel, materialWith(newcomersOf(present, present, []), directory.cryptoDir));
  }

  const running = (name: string): Promise<Config> =>
    new Promise((resolve) => {
      resolve(Config.decode(configOf(name).serializeBinary()));
    });

  it('begins with the same block at all whose nodes join it, as often as they take the description', async () => {
    const fingerprints = new Map<string, string>();
    for (const own of ceremony.owns) {
      const founded = await adoptDescription(own, { text, newcomers, configOf: running });
      assert.deepEqual(
        founded.map(({ channel }) => channel),
        ['comparison'],
      );
      fingerprints.set(own.member.id, channelsFingerprint(founded));
      const again = await adoptDescription({ ...own, consortium: next }, { text, newcomers, configOf: running });
      assert.equal(channelsFingerprint(again), fingerprints.get(own.member.id));
      requireAgreement(own);
    }
    assert.equal(fingerprints.size, 4);
    assert.equal(new Set(fingerprints.values()).size, 1);
    const { channelId, config } = readConfigBlock(readFileSync(ownOf('delta').directory.genesisBlock('comparison')));
    assert.equal(channelId, 'comparison');
    const application = config.getChannelGroup()!.getGroupsMap().get('Application')!.getGroupsMap();
    assert.deepEqual([...application.keys()].sort(), ['AlphaMSP', 'BetaMSP']);
  });

  it('does not begin while one of its members has two CAs', async () => {
    const [alpha, beta] = [ownOf('alpha'), ownOf('beta')];
    await beginRotation(alpha, ['identity']);
    const both = loadMsp(memberTree(alpha.directory.cryptoDir, alpha.member).msp, alpha.member.mspId);
    const rotating = (name: string): Promise<Config> =>
      Promise.resolve(Config.decode(withAuthorities(configOf(name), both).serializeBinary()));
    await assert.rejects(
      adoptDescription(beta, { text, newcomers, configOf: rotating }),
      (error) =>
        error instanceof MemberError &&
        error.code === 'CERTIFICATE_REFUSED' &&
        error.message.includes('AlphaMSP has not exactly one CA'),
    );
    assert.equal(existsSync(beta.directory.genesisBlock('comparison')), false);
    assert.equal(readFileSync(beta.directory.consortiumFile, 'utf8'), descriptionText(present));
  });
});
