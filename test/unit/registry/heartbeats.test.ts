import assert from 'node:assert/strict';
import { HEARTBEAT_TYPE } from '@tracecal/chaincode/model';
import { signerName } from '@tracecal/chaincode/signing';
import type { Verdict } from '@tracecal/chaincode/trace';
import { later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, callerOf, refuses, registryOf, submit } from '../../support/registry.js';

describe('Heartbeats of national institutes', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const signed = (changes: Readonly<Record<string, unknown>> = {}, signer = 't-nmi-north') =>
    hierarchy.signAs(
      {
        type: HEARTBEAT_TYPE,
        registry: 'calibration',
        nmi: 'nmi-north',
        technician: 't-nmi-north',
        sequence: 2,
        time: ledger.now,
        ...changes,
      },
      [signerName('technician', signer)],
    );
  const beat = (jws: unknown, by = 'nmi-north') => submit(ledger, by, 'heartbeat', jws);

  it('make a verdict as fresh as the newest of them', async () => {
    const { event, demanded } = await beat(signed());
    assert.deepEqual(event?.payload, { type: 'Heartbeat', id: 'nmi-north', sequence: 2 });
    assert.deepEqual(demanded, ['NmiNorthMSP']);
    const { now } = ledger;
    const fresh = { freshness: { now, maxAgeSeconds: 120 } };
    const verdict = await ask<Verdict>(ledger, 'traceCal', 'sensor-a', fresh);
    assert.deepEqual([verdict.status, verdict.heartbeats[0]?.sequence], ['TRACEABLE', 2]);
    const stale = { freshness: { now: later(now, 600), maxAgeSeconds: 120 } };
    assert.match((await ask<Verdict>(ledger, 'traceCal', 'sensor-a', stale)).reason, /newest heartbeat seen is of/);
  });

  it('are refused unless they come after the last and not from the future', async () => {
    await refuses(beat(signed({ sequence: 1 })), 'TIME_INVALID', /is not newer than number 1/);
    await refuses(beat(signed({ time: '2025-12-31T00:00:00Z' })), 'TIME_INVALID', /is not newer than number 1/);
    await refuses(beat(signed({ time: later(ledger.now, 3600) })), 'TIME_INVALID', /lies ahead/);
  });

  it('are refused from others, for others, in other registries and with other signatures', async () => {
    await refuses(beat(signed(), 'nmi-south'), 'NOT_AUTHORISED', /NmiSouthMSP may not act/);
    const registrar = callerOf('nmi-north', 'registrar');
    await refuses(ledger.submit(registrar, 'heartbeat', JSON.stringify(signed())), 'NOT_AUTHORISED', /"issuer"/);
    await refuses(beat(signed({ registry: 'elsewhere' })), 'WRONG_REGISTRY', /"elsewhere"/);
    const lab = signed({ nmi: 'lab-alpha', technician: 't-lab-alpha' }, 't-lab-alpha');
    await refuses(beat(lab, 'lab-alpha'), 'NOT_AUTHORISED', /lab-alpha is not a National Metrology Institute/);
    const forged = signed({}, 't-nmi-south');
    await refuses(beat(forged), 'SIGNATURE_INVALID', /not validly signed/);
    const borrowed = signed({ technician: 't-nmi-south' }, 't-nmi-south');
    await refuses(beat(borrowed), 'SIGNATURE_INVALID', /not validly signed/);
    const request = { kind: 'technician', id: 't-nmi-north', reason: 'key-compromise', effective: null };
    await submit(ledger, 'nmi-north', 'revoke', request);
    await refuses(beat(signed()), 'SIGNATURE_INVALID', /in good standing/);
  });
});
