import assert from 'node:assert/strict';
import type { HistoryEntry, Page } from '@tracecal/core/contracts';
import type { RevocationReason } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ImpedimentSpec } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

type Subject = readonly ['report' | 'device' | 'person' | 'organisation', string];

describe('Revoking, suspending and reinstating', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  /** Says now, in the name of an organisation, what is effective now unless another date is given. */
  const say = (
    author: string,
    what: 'revocation' | 'suspension' | 'reinstatement',
    subject: Subject,
    effective: string | null = null,
    spec: ImpedimentSpec = {},
  ) =>
    submit(
      ledger,
      hierarchy.addStatement(what, subject, {
        author,
        effective: effective ?? ledger.now,
        registered: ledger.now,
        ...spec,
      }),
    );
  const because = (reason: RevocationReason): ImpedimentSpec => ({ reason });

  const verdict = (asOf?: string) =>
    ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', asOf === undefined ? '{}' : { asOf });

  const REPORT: Subject = ['report', 'working-a-r1'];
  const ISSUERS: readonly (readonly [subject: Subject, issuer: string, rivals: string[]])[] = [
    [REPORT, 'lab-alpha', ['oem-a', 'lab-beta', 'nmi-south']],
    [['device', 'working-a'], 'oem-a', ['lab-beta', 'oem-b']],
    [['person', 't-lab-alpha'], 'lab-alpha', ['oem-a', 'lab-beta']],
    [['organisation', 'lab-alpha'], 'nmi-north', ['lab-beta', 'oem-a', 'nmi-south']],
  ];

  for (const [[kind, id], issuer, rivals] of ISSUERS) {
    it(`of the ${kind} ${id} is up to its issuer and those above, and breaks the very next trace`, async () => {
      for (const rival of rivals) {
        await refuses(say(rival, 'revocation', [kind, id]), 'NOT_AUTHORISED', /has no say about/);
        const forged = say(issuer, 'revocation', [kind, id], null, { signers: [`officer:${rival}/officer`] });
        await refuses(forged, 'SIGNATURE_INVALID', /not signed once by/);
      }
      assert.equal((await verdict()).status, 'TRACEABLE');
      const { event } = await say(issuer, 'revocation', [kind, id], null, because('fraud'));
      assert.equal(event?.name, 'Revoked');
      const [item] = (event.payload as { items: readonly { kind: string; id: string; author: string }[] }).items;
      assert.deepEqual([item?.kind, item?.id, item?.author], [kind, hierarchy.idOf(kind, id), issuer]);
      const after = await verdict();
      assert.equal(after.status, 'FAILED');
      assert.match(after.reason, new RegExp(`${id} is revoked since .* by ${issuer} \\(fraud\\)`));
    });
  }

  it('of an institute is up to itself, or to a majority of the others', async () => {
    const north: Subject = ['organisation', 'nmi-north'];
    await refuses(say('lab-alpha', 'revocation', north), 'NOT_AUTHORISED', /lab-alpha is not an institute/);
    const one = { signers: ['officer:nmi-south/officer'] };
    await refuses(say('nmi-south', 'revocation', north, null, one), 'SIGNATURE_INVALID', /majority/);
    await say('nmi-south', 'suspension', north);
    assert.match((await verdict()).reason, /nmi-north is suspended since .* by nmi-south/);
    await refuses(
      say('nmi-north', 'reinstatement', north, null, { lifts: 'nmi-south' }),
      'NOT_AUTHORISED',
      /was suspended by nmi-south/,
    );
    await say('nmi-east', 'reinstatement', north, null, {
      lifts: 'nmi-south',
      signers: ['officer:nmi-south/officer', 'officer:nmi-east/officer'],
    });
    await say('nmi-north', 'revocation', north, null, because('fraud'));
    assert.match((await verdict()).reason, /nmi-north is revoked since .* by nmi-north \(fraud\)/);
  });

  it('is refused for what is not registered', async () => {
    for (const kind of ['report', 'device', 'person'] as const) {
      const ghost = say('nmi-north', 'revocation', [kind, 'lab-alpha/ghost']);
      await refuses(ghost, 'NOT_FOUND', new RegExp(`no ${kind} lab-alpha/ghost`));
    }
    await refuses(say('nmi-north', 'revocation', ['organisation', 'ghost']), 'NOT_FOUND', /no organisation ghost/);
    const whim = because('whim' as RevocationReason);
    await refuses(say('oem-a', 'revocation', ['device', 'working-a'], null, whim), 'INPUT_INVALID', /reason/);
  });

  it('breaks every trace of what rests on it, from which moment on it is asked about', async () => {
    await say('lab-alpha', 'revocation', REPORT, '2025-10-01T00:00:00Z', because('out-of-tolerance'));
    assert.equal((await verdict('2025-11-01')).status, 'FAILED');
    assert.equal((await verdict('2025-09-01')).status, 'TRACEABLE');
  });

  it('by cessation leaves sound what was done before', async () => {
    await say('lab-alpha', 'revocation', ['person', 't-lab-alpha'], null, because('cessation'));
    assert.equal((await verdict()).status, 'TRACEABLE');
    // That they had also signed for others is found out later: a graver reason may follow.
    await say('lab-alpha', 'revocation', ['person', 't-lab-alpha'], null, because('fraud'));
    assert.equal((await verdict()).status, 'FAILED');
  });

  it('that is permanent cannot be repeated or lifted, but may be dated earlier', async () => {
    await say('lab-alpha', 'revocation', REPORT, '2025-10-01T00:00:00Z', because('fraud'));
    const again = say('lab-alpha', 'revocation', REPORT, null, because('fraud'));
    await refuses(again, 'STANDING_INVALID', /already since 2025-10-01/);
    await refuses(say('nmi-north', 'reinstatement', REPORT), 'STANDING_INVALID', /for good/);
    await refuses(say('nmi-north', 'suspension', REPORT), 'STANDING_INVALID', /is revoked already/);
    await say('lab-alpha', 'revocation', REPORT, '2025-09-01T00:00:00Z', because('fraud'));
  });

  it('for a time ends when it is lifted', async () => {
    const lab: Subject = ['organisation', 'lab-alpha'];
    const suspended = await say('nmi-north', 'suspension', lab);
    assert.equal(suspended.event?.name, 'Suspended');
    assert.match((await verdict()).reason, /lab-alpha is suspended/);
    await refuses(say('nmi-north', 'suspension', lab), 'STANDING_INVALID', /is suspended already/);
    const lifted = await say('nmi-north', 'reinstatement', lab);
    assert.equal(lifted.event?.name, 'Reinstated');
    assert.equal((await verdict()).status, 'TRACEABLE');
    await refuses(say('nmi-north', 'reinstatement', lab), 'STANDING_INVALID', /is not suspended/);
  });

  it('cannot be lifted from below: not by the issuer, if an organisation above it has spoken', async () => {
    await say('nmi-north', 'suspension', REPORT);
    const lift = (by: string, lifts: string) => say(by, 'reinstatement', REPORT, null, { lifts });
    await refuses(lift('lab-alpha', 'nmi-north'), 'NOT_AUTHORISED', /was suspended by nmi-north/);
    await lift('nmi-north', 'nmi-north');
    await say('lab-alpha', 'suspension', REPORT);
    await lift('nmi-north', 'lab-alpha');
  });

  it('of one organisation does not stand in the way of another’s', async () => {
    await say('lab-alpha', 'suspension', REPORT);
    await say('nmi-north', 'suspension', REPORT);
    await say('lab-alpha', 'reinstatement', REPORT);
    assert.match((await verdict()).reason, /working-a-r1 is suspended since .* by nmi-north/);
    await say('nmi-north', 'reinstatement', REPORT);
    assert.equal((await verdict()).status, 'TRACEABLE');
  });

  it('of a device is up to its owner, too, but neither lifts what the other has said', async () => {
    const lent = { id: 'lent', kind: 'standard', technician: 't-nmi-north', owner: 'lab-beta' } as const;
    await submit(ledger, await hierarchy.addDevice(lent));
    const device: Subject = ['device', 'lent'];
    const lift = (by: string, lifts: string) => say(by, 'reinstatement', device, null, { lifts });
    await refuses(say('lab-alpha', 'suspension', device), 'NOT_AUTHORISED', /nmi-north or lab-beta, or/);

    await say('lab-beta', 'suspension', device, null, because('out-of-tolerance'));
    await refuses(lift('nmi-north', 'lab-beta'), 'NOT_AUTHORISED', /was suspended by lab-beta/);
    await lift('lab-beta', 'lab-beta');
    await say('lab-beta', 'suspension', device);
    await lift('nmi-south', 'lab-beta');

    await say('nmi-north', 'suspension', device);
    for (const other of ['lab-beta', 'nmi-south']) {
      await refuses(lift(other, 'nmi-north'), 'NOT_AUTHORISED', /was suspended by nmi-north/);
    }
    await lift('nmi-north', 'nmi-north');
    await say('lab-beta', 'revocation', device, null, because('out-of-tolerance'));
  });

  it('keeps its order: what is lifted cannot end before it began', async () => {
    await say('lab-alpha', 'suspension', REPORT, '2025-10-01T00:00:00Z');
    const before = say('lab-alpha', 'reinstatement', REPORT, '2025-09-01T00:00:00Z');
    await refuses(before, 'TIME_INVALID', /suspended since 2025-10-01T00:00:00Z: that cannot end on 2025-09-01/);
    await say('lab-alpha', 'reinstatement', REPORT, '2025-11-01T00:00:00Z');
    // Nor before the ledger has heard of it: what was found is not erased.
    assert.equal((await verdict('2025-10-15')).status, 'FAILED');
    assert.equal((await verdict('2025-11-15')).status, 'FAILED');
    assert.equal((await verdict('2026-01-15')).status, 'TRACEABLE');
  });

  it('takes effect at once or in the past, not far ahead', async () => {
    const ahead = say('lab-alpha', 'suspension', REPORT, '2026-01-03T00:00:00Z');
    await refuses(ahead, 'TIME_INVALID', /can take effect until 2026-01-02/);
  });

  it('is refused to an organisation that is itself suspended, except to lift its own suspension', async () => {
    await say('nmi-north', 'suspension', ['organisation', 'lab-alpha']);
    await refuses(say('lab-alpha', 'revocation', REPORT), 'NOT_AUTHORISED', /lab-alpha is suspended/);
    await say('nmi-north', 'revocation', REPORT);
    const beta: Subject = ['organisation', 'lab-beta'];
    await say('lab-beta', 'suspension', beta);
    await say('lab-beta', 'reinstatement', beta);
  });

  for (const [subject, author] of [
    [REPORT, 'lab-alpha'],
    [['organisation', 'lab-alpha'], 'nmi-north'],
    [['device', 'lab-alpha/reference-a'], 'lab-alpha'],
  ] as const) {
    it(`lifts the suspension of a ${subject[0]} once more if the officer who had lifted it fell`, async () => {
      const officer = await hierarchy.addOfficer({ id: 'second', organisation: author, registered: ledger.now });
      await submit(ledger, officer);
      await say(author, 'suspension', subject);
      await say(author, 'reinstatement', subject, null, { signers: [`officer:${author}/second`] });
      const stolen = { reason: 'key-compromise', signers: [`organisation:${author}`] } as const;
      await say(author, 'revocation', ['person', `${author}/second`], '2025-01-15T00:00:00Z', stolen);
      const moment = () => verdict(ledger.now);
      assert.match((await moment()).reason, /is suspended since/);
      await say(author, 'reinstatement', subject);
      assert.equal((await moment()).status, 'TRACEABLE');
    });
  }

  it('stands in the history, oldest first', async () => {
    await say('lab-alpha', 'suspension', REPORT, '2025-10-01T00:00:00Z', because('out-of-tolerance'));
    await say('oem-a', 'revocation', ['device', 'working-a'], null, because('cessation'));
    await say('lab-alpha', 'revocation', ['person', 't-lab-alpha'], null, because('cessation'));
    await say('nmi-north', 'suspension', ['organisation', 'lab-alpha']);
    const told = async (kind: string, id: string) => {
      const { items } = await ask<Page<HistoryEntry>>(ledger, 'history', { kind, id });
      return items.flatMap(({ changes }) => changes.map(({ what, by, number }) => `${what} ${by} ${number}`));
    };
    assert.deepEqual(await told('device', 'oem-a/working-a'), [
      'device oem-a 0',
      'acceptance oem-a 1',
      'revocation oem-a 2',
    ]);
    assert.deepEqual(await told('report', 'lab-alpha/working-a-r1'), ['report lab-alpha 0', 'suspension lab-alpha 1']);
    assert.deepEqual(await told('person', 'lab-alpha/t-lab-alpha'), [
      'authorisation lab-alpha 1',
      'revocation lab-alpha 2',
    ]);
    assert.deepEqual(await told('organisation', 'lab-alpha'), [
      'organisation lab-alpha 0',
      'accreditation nmi-north 1',
      'suspension nmi-north 2',
    ]);
    await refuses(told('device', 'oem-a/ghost'), 'NOT_FOUND', /oem-a\/ghost/);
  });
});
