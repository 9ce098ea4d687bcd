import assert from 'node:assert/strict';
import { DEFAULT_LIMITS, Ledger, TraceCal } from '@tracecal/gateway-client';
import { text } from '../support/application.js';
import { KV, SHARED } from '../support/scenarioConsortium.js';
import type { MemberId } from '../support/scenarioConsortium.js';
import { freshKey, scenarios } from '../support/sharedNetwork.js';

const ENDORSEMENT_POLICY_FAILURE = 10;

scenarios('A forged event', (stage) => {
  const revocationOf = (id: string): string => {
    const item = { type: 'Revoked', kind: 'device', id, author: 'alpha', number: 1, digest: '0'.repeat(64) };
    return JSON.stringify({ type: 'Revoked', epoch: 1, items: [item] });
  };

  /** Submits as alpha. How it ended, and in which block. */
  async function submit(name: string, args: readonly string[], endorsingOrganizations?: string[]) {
    const options = { arguments: [...args], ...(endorsingOrganizations && { endorsingOrganizations }) };
    const commit = await stage.as('alpha').contract().submitAsync(name, options);
    return commit.getStatus();
  }

  /** What every member's monitor looks at: the chaincode in the place of the registry. */
  function sdk(member: MemberId): TraceCal {
    const ledger = new Ledger(stage.as(member).gateway, { channel: SHARED, chaincode: KV }, DEFAULT_LIMITS);
    return new TraceCal(ledger, KV, () => undefined);
  }

  async function firstOfSdk(member: MemberId, startBlock: bigint): Promise<string | undefined> {
    for await (const { announcement } of sdk(member).events({ startBlock })) return announcement.items[0]?.id;
    return undefined;
  }

  async function firstOfGateway(member: MemberId, startBlock: bigint): Promise<string> {
    const events = await stage.as(member).network().getChaincodeEvents(KV, { startBlock });
    try {
      for await (const { payload } of events) return text(payload);
      return '';
    } finally {
      events.close();
    }
  }

  it('that one member alone commits through its own private collection is valid for Fabric, and dropped by the SDK', async () => {
    const [forged, honest] = [freshKey('victim'), freshKey('device')];
    const alone = [revocationOf(forged), '_implicit_org_AlphaMSP', freshKey('private')];
    const { code, blockNumber } = await submit('announceAlone', alone, ['AlphaMSP']);
    assert.equal(code, 0, 'no policy of the chaincode is asked');
    await submit('announce', [revocationOf(honest), 'device', honest]);
    assert.equal(await firstOfGateway('delta', blockNumber), revocationOf(forged), 'the gateway delivers it');
    assert.equal(await firstOfSdk('delta', blockNumber), honest);
    assert.equal(await firstOfSdk('alpha', blockNumber), honest);
  });

  it('that one member alone sends beside the record itself is not valid, and nobody hears of it', async () => {
    const [forged, honest] = [freshKey('victim'), freshKey('device')];
    const { code, blockNumber } = await submit('announce', [revocationOf(forged), 'device', forged], ['AlphaMSP']);
    assert.equal(code, ENDORSEMENT_POLICY_FAILURE);
    await submit('announce', [revocationOf(honest), 'device', honest]);
    assert.equal(await firstOfSdk('delta', blockNumber), honest);
  });
});
