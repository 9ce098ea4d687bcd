import assert from 'node:assert/strict';
import { genesisBlock } from '@tracecal/network/channel';
import type { Channel } from '@tracecal/network/topology';
import { channelSeen, newPeerFindings } from '@tracecal/gateway-client/monitor';
import { ConsortiumFixture } from '../../channel/consortium.js';

describe('Who is in a channel, by its configuration', () => {
  let fixture: ConsortiumFixture;
  let channel: Channel;

  before(async () => {
    fixture = await ConsortiumFixture.shared();
    channel = fixture.channel('calibration');
  });

  const seen = (described: Channel, time: string) =>
    channelSeen(
      genesisBlock(fixture.consortium, described, fixture.template, fixture.material).serializeBinary(),
      time,
    );

  it('are all its organisations with their authorities, anchor peers and ordering nodes', () => {
    const { channel: name, members } = seen(channel, '2026-03-01T00:00:00Z');
    assert.equal(name, 'calibration');
    const { organisations, orderers } = fixture.consortium;
    const ids = [...channel.writers, ...channel.readers];
    const expected = organisations.filter(({ id }) => ids.includes(id)).map(({ mspId }) => mspId);
    assert.deepEqual(
      members.map(({ organisation }) => organisation).sort(),
      [...new Set([...expected, ...orderers.map(({ mspId }) => mspId)])].sort(),
    );
    assert.ok(
      members.every(({ authorities }) => authorities.length >= 2),
      'of identities and of TLS',
    );
    assert.ok(members.every(({ addresses }) => addresses.every((address) => /:\d+$/.test(address))));
    const ordering = members.find(({ organisation }) => organisation === orderers[0]?.mspId);
    assert.equal(ordering?.addresses.length, 1);
  });

  it('lead to a finding where one is new, and to none where nothing has changed', () => {
    const all = seen(channel, '2026-03-02T00:00:00Z');
    const fewer = seen({ ...channel, readers: channel.readers.slice(1) }, '2026-03-01T00:00:00Z');
    const [found, ...none] = newPeerFindings(fewer, all);
    const { mspId } = fixture.consortium.organisations.find(({ id }) => id === channel.readers[0]) ?? {};
    assert.deepEqual([found?.name, found?.subject.id, none], ['new-organisation', mspId, []]);
    assert.deepEqual(newPeerFindings(all, seen(channel, '2026-03-03T00:00:00Z')), []);
  });
});
