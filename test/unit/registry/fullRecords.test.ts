import assert from 'node:assert/strict';
import { canonicalJson } from '@tracecal/chaincode/model';
import type { DeviceFile, OrganisationFile, Statement } from '@tracecal/chaincode/model';
import type { Verdict } from '@tracecal/chaincode/trace';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

const FULL_BYTES = 4_194_304;

describe('A record that is full', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  /** Puts another record in the place of one, as if transactions had made it. */
  function change<T>(kind: 'device' | 'organisation', id: string, to: (file: T) => T): void {
    const key = [...ledger.state.keys()].find((name) => name.startsWith(`\u0000${kind}\u0000${id}\u0000`)) ?? '';
    const file = JSON.parse(ledger.state.get(key)?.toString('utf8') ?? '') as T;
    ledger.state.set(key, Buffer.from(canonicalJson(to(file))));
  }

  /** So many copies of an entry that nothing else finds room. */
  function filled<T>(entries: Readonly<Record<string, T>>, entry: T): Readonly<Record<string, T>> {
    const size = canonicalJson(entry).length + '"filler-000000":,'.length;
    const count = Math.ceil(FULL_BYTES / size);
    const fillers = Array.from({ length: count }, (_, i) => [`filler-${String(i).padStart(6, '0')}`, entry] as const);
    return { ...entries, ...Object.fromEntries(fillers) };
  }

  it('takes no further report, and says what to do; traces go on, and a revocation finds room', async () => {
    change<DeviceFile>('device', 'sensor-a', (file) => {
      const [report] = Object.values(file.reports);
      return { ...file, reports: filled(file.reports, { ...report!, supersededBy: 'next' }) };
    });
    const next = hierarchy.payload({
      id: 'next',
      device: 'sensor-a',
      technician: 't-oem-a',
      parents: ['working-a-r1'],
      performed: '2025-07-01',
    });
    const jws = hierarchy.sign(next);
    await refuses(submit(ledger, 'lab-alpha', 'createReport', jws), 'JSON_TOO_LARGE', /register device sensor-a once/);

    await submit(ledger, 'lab-alpha', 'revoke', {
      kind: 'report',
      id: 'sensor-a-r1',
      reason: 'fraud',
      effective: null,
    });
    const verdict = await ask<Verdict>(ledger, 'traceCal', 'sensor-a', '{}');
    assert.match(verdict.reason, /revoked/);
  });

  it('takes no further technician', async () => {
    const wanted = await hierarchy.addTechnician({ id: 't-new', organisation: 'lab-alpha' });
    change<OrganisationFile>('organisation', 'lab-alpha', (file) => {
      const [entry] = Object.values(file.technicians);
      return { ...file, technicians: filled(file.technicians, entry!) };
    });
    await refuses(submit(ledger, 'lab-alpha', 'createTechnician', wanted), 'JSON_TOO_LARGE', /further organisation/);
  });

  it('of statements keeps its last place for a revocation', async () => {
    change<DeviceFile>('device', 'working-a', (file) => {
      const said = (action: Statement['action']): Statement => ({
        action,
        reason: 'unspecified',
        effective: '2025-02-01T00:00:00Z',
        by: 'oem-a',
        recorded: file.device.registered,
      });
      const statements = Array.from({ length: 999 }, (_, i) => said(i % 2 === 0 ? 'suspend' : 'reinstate'));
      return { ...file, statements };
    });
    const say = (action: 'revoke' | 'reinstate' | 'suspend') =>
      submit(ledger, 'oem-a', action, { kind: 'device', id: 'working-a', reason: 'fraud', effective: null });
    await refuses(say('reinstate'), 'STANDING_INVALID', /no more are kept, but for a revocation/);
    await say('revoke');
    const verdict = await ask<Verdict>(ledger, 'traceCal', 'sensor-a', '{}');
    assert.match(verdict.reason, /working-a is revoked/);
  });
});
