import assert from 'node:assert/strict';
import { DeploymentError, startEmbedded } from '@tracecal/network/embedded';
import { defaultConsortiumFile, readConsortium, type Consortium } from '@tracecal/network/topology';
import { kvConsortium, KvNetwork } from '../../../support/kvNetwork.js';

describe('A description that the embedded network would not follow', function () {
  this.timeout(60_000);
  let network: KvNetwork;
  const described = kvConsortium();
  const newcomer = readConsortium(defaultConsortiumFile()).organisations.find(({ id }) => id === 'lab-beta')!;

  before(async () => {
    network = await KvNetwork.start();
    await network.halt();
  });
  after(() => network.end());

  const [first, ...otherOrderers] = described.orderers;
  const withOrderer = (changed: Partial<typeof first>): Consortium => ({
    ...described,
    orderers: [{ ...first!, ...changed }, ...otherOrderers],
  });
  const withBatch = (batch: { maxMessages: number; timeoutMs: number }): Consortium => ({
    ...described,
    channels: described.channels.map((channel) => ({ ...channel, batch })),
  });
  const withNewcomer: Consortium = {
    ...described,
    organisations: [...described.organisations, newcomer],
    channels: described.channels.map((channel) => ({ ...channel, writers: [...channel.writers, newcomer.id] })),
  };

  async function refusal(consortium: Consortium): Promise<string> {
    const start = startEmbedded({ consortium, dataDir: network.dataDir, ports: 'free' });
    start.then(
      (started) => started.stop(),
      () => undefined,
    );
    const error: unknown = await start.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof DeploymentError, String(error));
    return error.message;
  }

  it('is refused for another batch than the channels have, with the command that proposes one', async () => {
    for (const batch of [
      { maxMessages: 10, timeoutMs: 100 },
      { maxMessages: 100, timeoutMs: 2000 },
    ]) {
      assert.match(
        await refusal(withBatch(batch)),
        /^The batch of channel calibration is 100 messages or 100ms, and the description says \d+ messages or \d+m?s: describe what it is, then propose the change with `tracecal proposal create`\.$/,
      );
    }
  });

  it('is refused for other orderers than the channels were made with', async () => {
    assert.match(await refusal(withOrderer({ port: 7950 })), /^The orderers of channel calibration are .*:7950/);
    assert.match(await refusal(withOrderer({ name: 'orderer9' })), /and the description changes them to .*orderer9\./);
    assert.match(await refusal({ ...described, orderers: otherOrderers }), /^The orderers of channel calibration are /);
  });

  it('is refused for a member that no channel has, with the command that adds it', async () => {
    assert.equal(
      await refusal(withNewcomer),
      'lab-beta is described as a member of calibration, pair, but is not in these channels: start the network without it, then add it with `tracecal network add-org`.',
    );
  });

  it('is refused while the network runs, too, and changes nothing', async () => {
    await network.restart();
    const changes = [withBatch({ maxMessages: 10, timeoutMs: 100 }), withOrderer({ port: 7950 })];
    for (const next of changes) await assert.rejects(network.network.reconfigure(next), DeploymentError);
    const answer = await network.contract('nmi-north').evaluateTransaction('noop');
    assert.equal(Buffer.from(answer).toString(), 'ok');
  });

  it('keeps the data for the description that fits', async () => {
    await network.contract('nmi-north').submitTransaction('put', 'kept', 'yes');
    await network.halt();
    await refusal(withBatch({ maxMessages: 10, timeoutMs: 100 }));
    await network.restart();
    const answer = await network.contract('nmi-north').evaluateTransaction('get', 'kept');
    assert.equal(Buffer.from(answer).toString(), 'yes');
  });
});
