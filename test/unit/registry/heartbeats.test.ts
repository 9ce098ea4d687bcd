import assert from 'node:assert/strict';
import type { EpochDigestAnswer } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, Item, Saying } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

describe('Heartbeats of national institutes', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    ledger.now = later(ledger.now, 60);
    await submit(ledger, hierarchy.seal(ledger.now));
  });

  const digest = async (epoch = 1) => (await ask<EpochDigestAnswer>(ledger, 'getEpochDigest', String(epoch))).digest;
  /** Over the epoch that was sealed last, unless it says another one. */
  const signed = async (saying: Saying = {}, institute = 'nmi-north'): Promise<Item> =>
    hierarchy.addHeartbeat(institute, { date: ledger.now, digest: await digest(), ...saying });
  const beat = async (saying: Saying = {}, institute = 'nmi-north') => submit(ledger, await signed(saying, institute));

  it('make a verdict as fresh as the newest of them', async () => {
    const { event } = await beat();
    assert.equal(event?.name, 'Heartbeat');
    const { now } = ledger;
    const ask1 = (options: object) => ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', options);
    const verdict = await ask1({ freshness: { now, maxAgeSeconds: 120 } });
    assert.deepEqual([verdict.status, verdict.heartbeats[0]?.epoch], ['TRACEABLE', 1]);
    const stale = await ask1({ freshness: { now: later(now, 600), maxAgeSeconds: 120 } });
    assert.match(stale.reason, /newest heartbeat seen is from/);
  });

  it('are given by all institutes over the same digest', async () => {
    for (const institute of ['nmi-north', 'nmi-south', 'nmi-east']) {
      await beat({}, institute);
    }
  });

  it('are refused unless they come after the last and not from the future', async () => {
    await beat();
    await refuses(beat({ number: 0 }), 'TIME_INVALID', /is not newer than the one over epoch 1/);
    const before = { date: '2026-01-01T00:00:00Z' };
    await refuses(beat(before), 'TIME_INVALID', /was sealed on .*, after this heartbeat/);
    await refuses(beat({ date: later(ledger.now, 3600) }), 'TIME_INVALID', /lies ahead/);
  });

  it('are refused from others, for others, in other registries and with other signatures', async () => {
    await refuses(beat({}, 'lab-alpha'), 'NOT_AUTHORISED', /lab-alpha is not an institute/);
    const item = await signed();
    const elsewhere = { statement: hierarchy.changed(item.statement, { registry: 'elsewhere' }) };
    await refuses(submit(ledger, elsewhere), 'WRONG_REGISTRY', /"elsewhere"/);
    await refuses(
      beat({ signers: ['officer:nmi-south/officer'] }),
      'SIGNATURE_INVALID',
      /not signed once by nmi-north/,
    );
    await refuses(beat({ signers: ['technician:t-nmi-north'] }), 'SIGNATURE_INVALID', /not signed once by nmi-north/);
    const spec = { reason: 'key-compromise', registered: ledger.now, signers: ['organisation:nmi-north'] } as const;
    await submit(ledger, hierarchy.addStatement('revocation', ['person', 'nmi-north/officer'], spec));
    await refuses(beat(), 'NOT_AUTHORISED', /officer nmi-north\/officer is revoked/);
  });
});
