import assert from 'node:assert/strict';
import type { RevocationReason, SubjectKind } from '@tracecal/chaincode/model';
import type { HistoryEntry } from '@tracecal/chaincode/registry';
import type { Verdict } from '@tracecal/chaincode/trace';
import { twoCountries } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, callerOf, refuses, registryOf, submit } from '../../support/registry.js';

describe('Revoking, suspending and reinstating', () => {
  let ledger: MemoryLedger;

  beforeEach(async () => {
    ledger = await registryOf(await twoCountries());
  });

  const say = (
    by: string,
    action: 'revoke' | 'suspend' | 'reinstate',
    [kind, id]: readonly [SubjectKind, string],
    effective: string | null = null,
    reason: RevocationReason = 'unspecified',
  ) => submit(ledger, by, action, { kind, id, reason, effective });

  const verdict = (asOf?: string) => ask<Verdict>(ledger, 'traceCal', 'sensor-a', asOf === undefined ? '{}' : { asOf });

  const ISSUERS: readonly (readonly [subject: readonly [SubjectKind, string], issuer: string, rivals: string[]])[] = [
    [['report', 'working-a-r1'], 'lab-alpha', ['oem-a', 'lab-beta', 'nmi-south']],
    [['device', 'working-a'], 'oem-a', ['lab-beta', 'oem-b']],
    [['technician', 't-lab-alpha'], 'lab-alpha', ['oem-a', 'lab-beta']],
    [['organisation', 'lab-alpha'], 'nmi-north', ['lab-alpha', 'oem-a', 'nmi-south']],
    [['organisation', 'nmi-north'], 'nmi-north', ['nmi-south', 'lab-alpha']],
  ];

  for (const [[kind, id], issuer, rivals] of ISSUERS) {
    it(`of the ${kind} ${id} is up to its issuer and those above, and breaks the very next trace`, async () => {
      for (const rival of rivals) {
        await refuses(say(rival, 'revoke', [kind, id]), 'NOT_AUTHORISED', /may not act for/);
      }
      assert.equal((await verdict()).status, 'TRACEABLE');
      const { event, demanded } = await say(issuer, 'revoke', [kind, id], null, 'fraud');
      assert.deepEqual(event, { name: 'Revoked', payload: { type: 'Revoked', kind, id } });
      assert.equal(demanded.length, 1);
      const after = await verdict();
      assert.equal(after.status, 'FAILED');
      assert.match(after.reason, new RegExp(`${id} is revoked since .* by ${issuer} \\(fraud\\)`));
    });
  }

  it('is refused without the role and for what is not registered', async () => {
    const request = JSON.stringify({ kind: 'device', id: 'working-a', reason: 'fraud', effective: null });
    await refuses(ledger.submit(callerOf('oem-a', 'issuer'), 'revoke', request), 'NOT_AUTHORISED', /"registrar"/);
    for (const kind of ['report', 'device', 'technician', 'organisation'] as const) {
      await refuses(say('nmi-north', 'revoke', [kind, 'ghost']), 'NOT_FOUND', new RegExp(`no ${kind} ghost`));
    }
    const reason = { kind: 'device', id: 'working-a', reason: 'whim', effective: null };
    await refuses(submit(ledger, 'oem-a', 'revoke', reason), 'INPUT_INVALID', /reason/);
  });

  it('may be retroactive: traces about a moment before the effective date still hold', async () => {
    await say('lab-alpha', 'revoke', ['report', 'working-a-r1'], '2025-10-01T00:00:00Z', 'out-of-tolerance');
    assert.equal((await verdict('2025-11-01')).status, 'FAILED');
    assert.equal((await verdict('2025-09-01')).status, 'TRACEABLE');
  });

  it('by cessation leaves sound what was done before', async () => {
    await say('lab-alpha', 'revoke', ['technician', 't-lab-alpha'], null, 'cessation');
    assert.equal((await verdict()).status, 'TRACEABLE');
    // That he had also signed for others is found out later: a graver reason may follow.
    await say('lab-alpha', 'revoke', ['technician', 't-lab-alpha'], null, 'fraud');
    assert.equal((await verdict()).status, 'FAILED');
  });

  it('for good cannot be said twice or lifted, but may be dated earlier', async () => {
    const report = ['report', 'working-a-r1'] as const;
    await say('lab-alpha', 'revoke', report, '2025-10-01T00:00:00Z', 'fraud');
    await refuses(say('lab-alpha', 'revoke', report, null, 'fraud'), 'STANDING_INVALID', /already since 2025-10-01/);
    await refuses(say('nmi-north', 'reinstate', report), 'STANDING_INVALID', /for good/);
    await refuses(say('nmi-north', 'suspend', report), 'STANDING_INVALID', /is revoked already/);
    await say('lab-alpha', 'revoke', report, '2025-09-01T00:00:00Z', 'fraud');
  });

  it('for a time ends when it is lifted', async () => {
    const lab = ['organisation', 'lab-alpha'] as const;
    const suspended = await say('nmi-north', 'suspend', lab);
    assert.equal(suspended.event?.name, 'Suspended');
    assert.match((await verdict()).reason, /lab-alpha is suspended/);
    await refuses(say('nmi-north', 'suspend', lab), 'STANDING_INVALID', /is suspended already/);
    const lifted = await say('nmi-north', 'reinstate', lab);
    assert.equal(lifted.event?.name, 'Reinstated');
    assert.equal((await verdict()).status, 'TRACEABLE');
    await refuses(say('nmi-north', 'reinstate', lab), 'STANDING_INVALID', /is not suspended/);
  });

  it('cannot be lifted from below: not by the issuer, if an organisation above it has spoken', async () => {
    const report = ['report', 'working-a-r1'] as const;
    await say('nmi-north', 'suspend', report);
    await refuses(say('lab-alpha', 'reinstate', report), 'NOT_AUTHORISED', /was suspended by nmi-north/);
    await say('nmi-north', 'reinstate', report);
    await say('lab-alpha', 'suspend', report);
    await say('nmi-north', 'reinstate', report);
  });

  it('of a device is up to its owner, too, but neither lifts what the other has said', async () => {
    const hierarchy = await twoCountries();
    await hierarchy.addDevice({ id: 'lent', kind: 'standard', technician: 't-nmi-north', owner: 'lab-beta' });
    ledger = await registryOf(hierarchy);
    const device = ['device', 'lent'] as const;
    await refuses(say('lab-alpha', 'suspend', device), 'NOT_AUTHORISED', /organisation nmi-north or lab-beta;/);

    await say('lab-beta', 'suspend', device, null, 'out-of-tolerance');
    await refuses(say('nmi-north', 'reinstate', device), 'NOT_AUTHORISED', /was suspended by lab-beta/);
    await say('lab-beta', 'reinstate', device);
    await say('lab-beta', 'suspend', device);
    await say('nmi-south', 'reinstate', device);

    await say('nmi-north', 'suspend', device);
    for (const other of ['lab-beta', 'nmi-south']) {
      await refuses(say(other, 'reinstate', device), 'NOT_AUTHORISED', /was suspended by nmi-north/);
    }
    await say('nmi-north', 'reinstate', device);
    const { demanded } = await say('lab-beta', 'revoke', device, null, 'out-of-tolerance');
    assert.equal(demanded.length, 1);
  });

  it('keeps its order: a later statement cannot hold from before an earlier one', async () => {
    const report = ['report', 'working-a-r1'] as const;
    await say('lab-alpha', 'suspend', report, '2025-10-01T00:00:00Z');
    const before = '2025-09-01T00:00:00Z';
    await refuses(say('lab-alpha', 'reinstate', report, before), 'TIME_INVALID', /cannot hold from 2025-09-01/);
    await say('lab-alpha', 'reinstate', report, '2025-11-01T00:00:00Z');
    await refuses(say('lab-alpha', 'suspend', report, before), 'TIME_INVALID', /cannot hold from 2025-09-01/);
    assert.equal((await verdict('2025-10-15')).status, 'FAILED');
    assert.equal((await verdict('2025-11-15')).status, 'TRACEABLE');
  });

  it('is refused to an organisation that is itself suspended', async () => {
    await say('nmi-north', 'suspend', ['organisation', 'lab-alpha']);
    await refuses(say('lab-alpha', 'revoke', ['report', 'working-a-r1']), 'STANDING_INVALID', /lab-alpha is suspended/);
    await say('nmi-north', 'revoke', ['report', 'working-a-r1']);
  });

  it('stands in the history, oldest first', async () => {
    await say('lab-alpha', 'suspend', ['report', 'working-a-r1'], '2025-10-01T00:00:00Z', 'out-of-tolerance');
    await say('oem-a', 'revoke', ['device', 'working-a'], null, 'cessation');
    const told = async (kind: SubjectKind, id: string) => {
      const entries = await ask<HistoryEntry[]>(ledger, 'history', { kind, id });
      return entries.flatMap(({ changes }) =>
        changes.map((change) => `${change.what} ${change.id} ${change.by ?? ''}`),
      );
    };
    assert.deepEqual(await told('device', 'working-a'), [
      'registered working-a ',
      'registered working-a-r1 ',
      'suspend working-a-r1 lab-alpha',
      'revoke working-a oem-a',
    ]);
    assert.deepEqual(await told('report', 'working-a-r1'), [
      'registered working-a-r1 ',
      'suspend working-a-r1 lab-alpha',
    ]);
    await say('lab-alpha', 'revoke', ['technician', 't-lab-alpha'], null, 'cessation');
    assert.deepEqual(await told('technician', 't-lab-alpha'), [
      'registered t-lab-alpha ',
      'revoke t-lab-alpha lab-alpha',
    ]);
    assert.deepEqual(await told('organisation', 'lab-alpha'), [
      'registered lab-alpha ',
      'registered t-lab-alpha ',
      'revoke t-lab-alpha lab-alpha',
    ]);
    await refuses(told('device', 'ghost'), 'NOT_FOUND', /ghost/);
  });

  it('stands in the history of ids that every object inherits, like constructor and toString', async () => {
    const hierarchy = await twoCountries();
    await hierarchy.addTechnician({ id: 'constructor', organisation: 'lab-alpha' });
    await hierarchy.addDevice({ id: 'valueOf', technician: 'constructor' });
    const report = { id: 'toString', device: 'valueOf', technician: 'constructor', parents: ['reference-a-r1'] };
    hierarchy.addReport(report);
    ledger = await registryOf(hierarchy);
    await say('lab-alpha', 'revoke', ['report', 'toString'], null, 'fraud');
    const told = async (kind: SubjectKind, id: string) => {
      const entries = await ask<HistoryEntry[]>(ledger, 'history', { kind, id });
      return entries.flatMap(({ changes }) => changes.map(({ what }) => what));
    };
    assert.deepEqual(await told('report', 'toString'), ['registered', 'revoke']);
    assert.deepEqual(await told('technician', 'constructor'), ['registered']);
    assert.deepEqual(await told('device', 'valueOf'), ['registered', 'registered', 'revoke']);
    await refuses(say('lab-alpha', 'revoke', ['technician', 'hasOwnProperty']), 'NOT_FOUND', /no technician/);
  });
});
