import assert from 'node:assert/strict';
import { cmcOf, temperatureScope } from '../../support/hierarchy.js';
import type { ReportSpec } from '../../support/hierarchy.js';
import { resultOf, Workshop } from '../../support/workshop.js';

const OF_ALPHA = { number: 'A-1', laboratory: 'The lab-alpha', country: 'DE', issuer: 'lab-alpha' };
const CLAIM = { body: 'DAkkS', number: 'D-K-1' };

describe('A certificate that claims an accreditation and names no standards', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
    const { hierarchy } = workshop;
    const line = { quantity: 'dc-voltage', unit: '\\volt', min: 0, max: 10, cmc: cmcOf(1e-6) };
    hierarchy.accredit('lab-alpha', [temperatureScope(line)], { under: CLAIM });
    await hierarchy.addDevice({ id: 'p', technician: 't-lab-alpha' });
    const results = [
      resultOf('dc-voltage', [
        [0, 1e-9],
        [10, 1e-9],
      ]),
    ];
    hierarchy.addReport({ id: 'p-r', device: 'p', technician: 'all-nmi-north', performed: '2025-02-01', results });
    await hierarchy.addDevice({ id: 'd', technician: 't-oem-a', kind: 'field' });
    hierarchy.require('oem-a', { accreditation: 'accept' });
  });

  const file = (id: string, spec: Partial<ReportSpec> = {}, performed = '2025-06-01') =>
    workshop.hierarchy.addReport({
      id,
      device: 'd',
      technician: 'all-lab-alpha',
      performed,
      results: [resultOf('dc-voltage', [[1, 1e-6]])],
      ...spec,
    });
  const importOne = (id: string, accredited: { body: string | null; number: string | null } = CLAIM, day?: string) =>
    file(id, { stated: { certificate: OF_ALPHA, accredited } }, day);
  const revokeStandard = () => workshop.hierarchy.addStatement('revocation', ['report', 'p-r'], { reason: 'fraud' });

  it('does not hide a revoked standard that a report of the same work names', async () => {
    file('d-1', { parents: ['p-r'] });
    revokeStandard();
    assert.match(await workshop.outcome('d'), /^FAILED/);
    importOne('d-2');
    assert.match(
      await workshop.outcome('d'),
      /^INCOMPLETE: Report lab-alpha\/d-2 leaves out standards that report lab-alpha\/d-1 of the same work names/,
    );
  });

  it('does not hide it as an amendment either, or where the owner rejected that report', async () => {
    file('d-1', { parents: ['p-r'] });
    workshop.hierarchy.reject('d-1');
    importOne('d-2');
    assert.match(await workshop.outcome('d'), /^INCOMPLETE: .* leaves out standards/);
    await workshop.hierarchy.addDevice({ id: 'e', technician: 't-oem-a', kind: 'field' });
    file('e-1', { device: 'e', parents: ['p-r'] });
    const stated = { certificate: OF_ALPHA, accredited: CLAIM };
    file('e-2', { device: 'e', supersedes: 'e-1', stated });
    assert.match(await workshop.outcome('e'), /^INCOMPLETE: .* leaves out standards/);
  });

  it('does not hide it in confidence either, whoever vouches for it', async () => {
    const { hierarchy } = workshop;
    const stated = { certificate: OF_ALPHA, accredited: CLAIM };
    file('d-2', { stated, sealed: ['dc-voltage'] });
    for (const voucher of ['lab-beta', 'nmi-east']) await hierarchy.vouch(voucher, 'd-2');
    const before = await hierarchy.trace('d');
    assert.deepEqual([before.status, before.requirements?.fulfilled], ['ATTESTED', true], before.reason);
    file('d-1', { parents: ['p-r'], accepted: false });
    hierarchy.reject('d-1');
    assert.match(await workshop.outcome('d'), /^INCOMPLETE: Report lab-alpha\/d-2 gives dc-voltage in confidence/);
  });

  it('is told by a note in its record, from when that was taken down, but only where both reports bear it out', async () => {
    file('d-1', { parents: ['p-r'], accepted: false });
    importOne('d-2');
    const noted = async (report: string, knownAt: string | null = null) => {
      const fuller = { report, accepted: '2025-07-01T12:00:00Z' };
      workshop.hierarchy.changeReport('d-2', (old) => ({ ...old, fuller }));
      return (await workshop.hierarchy.trace('d', { knownAt })).status;
    };
    assert.equal(await noted('lab-alpha/d-1'), 'INCOMPLETE');
    assert.equal(await noted('lab-alpha/d-1', '2025-07-01T12:00:00Z'), 'INCOMPLETE');
    assert.equal(await noted('lab-alpha/d-1', '2025-07-01T11:59:59Z'), 'ATTESTED');
    assert.equal(await noted('lab-alpha/d-2'), 'ATTESTED');
    assert.equal(await noted('all-nmi-north/p-r'), 'ATTESTED');
    assert.equal(await noted('lab-alpha/none'), 'ATTESTED');
  });

  it('is ATTESTED where the other is of other days, of another kind, or names none either', async () => {
    file('d-1', { parents: ['p-r'] }, '2025-05-01');
    importOne('d-2');
    assert.match(await workshop.outcome('d'), /^ATTESTED: .*rests on the accreditation/);
    importOne('d-3');
    assert.match(await workshop.outcome('d'), /^ATTESTED: .*rests on the accreditation/);
  });

  it('is covered by the lines of the body and the number that it claims only', async () => {
    for (const [place, [claim, status]] of (
      [
        [{ body: 'Deutsche Akkreditierungsstelle', number: 'D-K-1' }, 'INCOMPLETE'],
        [{ body: 'DAkkS', number: 'D-K-2' }, 'INCOMPLETE'],
        [{ body: 'dakks', number: 'D–K 1' }, 'ATTESTED'],
        [{ body: null, number: null }, 'ATTESTED'],
      ] as const
    ).entries()) {
      importOne(`claim-${place}`, claim, `2025-06-0${place + 2}`);
      assert.equal((await workshop.hierarchy.trace('d')).status, status, JSON.stringify(claim));
    }
  });
});
