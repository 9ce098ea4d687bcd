import assert from 'node:assert/strict';
import {
  addKilogram,
  cmcOf,
  massResult,
  temperatureResult,
  temperatureScope,
  twoCountries,
} from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';

const MASS = massResult(0.1);

/** Members that sign only what they may, to be believed about more. */
describe('A trace under attack by insiders', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  /** The status, and the reason for it. */
  const outcome = async (options = {}, device = 'sensor-a') => {
    const { status, reason } = await hierarchy.trace(device, options);
    return `${status}: ${reason}`;
  };

  describe('by an amendment of another kind of quantity', () => {
    beforeEach(() => addKilogram(hierarchy));

    /** Amends in time, so that no report is a transcription. */
    const amend = (device: string, changes: Partial<ReportSpec>) => {
      const spec = { id: `${device}-r2`, device, supersedes: `${device}-r1`, results: [MASS], ...changes };
      hierarchy.addReport({ technician: 't-oem-a', registered: '2025-01-20T00:00:00Z', ...spec });
    };
    const sensor = { performed: '2025-01-13', parents: ['working-a-r1', 'kilogram-r1'] };
    const standard = { performed: '2025-01-12', technician: 't-lab-alpha', parents: ['reference-a-r1'] };

    it('a device whose only report of a kind was amended to another is INCOMPLETE for it', async () => {
      amend('sensor-a', sensor);
      const gone = /^INCOMPLETE: Report oem-a\/sensor-a-r2 gives no temperature, for which report oem-a\/sensor-a-r1/;
      assert.match(await outcome({ quantity: 'temperature' }), gone);
      assert.match(await outcome(), gone);
      assert.match(await outcome({ quantity: 'mass' }), /^TRACEABLE/);
    });

    it('a device is TRACEABLE again by an amendment that gives the kind', async () => {
      amend('sensor-a', sensor);
      amend('sensor-a', { ...sensor, id: 'sensor-a-r3', supersedes: 'sensor-a-r2', results: [temperatureResult(0.1)] });
      assert.match(await outcome({ quantity: 'temperature' }), /^TRACEABLE/);
      assert.match(await outcome({ quantity: 'mass' }), /^INCOMPLETE: Report oem-a\/sensor-a-r3 gives no mass/);
    });

    it('a standard that gave the kind of its child supports it by no other', async () => {
      amend('working-a', standard);
      assert.match(await outcome(), /^INCOMPLETE: .*lab-alpha\/working-a-r2 gives no temperature, for which/);
    });

    it('a standard keeps its child TRACEABLE by the kinds that they share, whatever others it loses', async () => {
      await hierarchy.addDevice({ id: 'both', technician: 't-oem-a' });
      const parents = ['reference-a-r1', 'kilogram-r1'];
      const both = { device: 'both', technician: 't-lab-alpha', parents, performed: '2025-01-12' };
      hierarchy.addReport({ ...both, id: 'both-r1', results: [temperatureResult(0.01), MASS] });
      const child = { device: 'sensor-a', technician: 't-oem-a', parents: ['both-r1'], performed: '2025-06-01' };
      hierarchy.addReport({ ...child, id: 'next' });
      amend('both', { ...both, results: [temperatureResult(0.01)] });
      assert.match(await outcome({ quantity: 'temperature' }), /^TRACEABLE/);
    });

    it('an influence quantity that was cited has to be given by what counts instead', async () => {
      await hierarchy.addDevice({ id: 'balance', technician: 't-oem-a' });
      const balance = { device: 'balance', technician: 't-lab-alpha', performed: '2025-01-12' };
      hierarchy.addReport({ ...balance, id: 'balance-r1', parents: ['kilogram-r1'], results: [MASS] });
      const parents = ['working-a-r1', 'balance-r1'];
      hierarchy.addReport({ id: 'next', device: 'sensor-a', technician: 't-oem-a', parents, performed: '2025-06-01' });
      assert.match(await outcome(), /^TRACEABLE/);
      amend('balance', { ...standard, results: [temperatureResult(0.01)] });
      assert.match(await outcome(), /^INCOMPLETE: .*balance-r2 gives no mass/);
    });

    it('a standing consent for one kind does not cover an amendment that withdraws another', async () => {
      hierarchy.consent('oem-a', { laboratory: 'lab-alpha', quantities: ['mass'] });
      const both = [temperatureResult(0.1), MASS];
      const lab = { technician: 't-lab-alpha', parents: ['reference-a-r1'] };
      hierarchy.addReport({ ...lab, id: 'next', device: 'sensor-a', results: both, performed: '2025-06-01' });
      const amendment = { ...lab, id: 'amended', device: 'sensor-a', performed: '2025-06-01', supersedes: 'next' };
      hierarchy.addReport({ ...amendment, results: [MASS], accepted: 'consent' });
      assert.match(await outcome({ quantity: 'mass' }), /^INCOMPLETE: The standing consent .* does not cover report/);
    });
  });

  describe('of an institute that the question does not trust', () => {
    const only = (institute = 'nmi-north') => ({
      roots: [hierarchy.holder('organisation', institute).certificateSha256],
    });
    const both = () => ({ roots: ['nmi-north', 'nmi-south'].flatMap((institute) => only(institute).roots) });
    const institutes = async (options = {}) =>
      (await hierarchy.trace('sensor-a', options)).institutes.map(({ organisation }) => organisation);
    const wide = temperatureScope({ min: -1e308, max: 1e308, cmc: cmcOf(1e-300) });
    const hot = { results: [temperatureResult(0.1, [1500])], performed: '2025-06-01' };
    const byLaboratory = { device: 'sensor-a', technician: 't-lab-alpha', parents: ['furnace'] };

    beforeEach(() => {
      // The laboratory's standard is good for more than its first accreditation is.
      const report = { device: 'reference-a', technician: 't-nmi-north', performed: '2025-02-01' };
      hierarchy.accredit('nmi-north', [temperatureScope({ max: 2000 })]);
      hierarchy.addReport({ ...report, id: 'furnace', results: [temperatureResult(0.001, [0, 20, 2000])] });
    });

    const addBody = async (institute: string, id = 'body') => {
      hierarchy.setPolicy({ accreditors: 'either' });
      await hierarchy.addOrganisation({ id, kind: 'ACCREDITATION_BODY', certifiedBy: institute });
    };

    it('its accreditation body widens no laboratory below another', async () => {
      await addBody('nmi-south');
      hierarchy.accredit('lab-alpha', [wide], { author: 'body' });
      hierarchy.addReport({ ...byLaboratory, ...hot, id: 'next' });
      assert.match(await outcome(only()), /^FAILED: The root certificate of nmi-south is not among those/);
      assert.match(await outcome(both()), /^TRACEABLE/);
      assert.deepEqual(await institutes(), ['nmi-north', 'nmi-south']);
    });

    it('its accreditation body spoils nothing that a trusted accreditor covers as well', async () => {
      await addBody('nmi-south');
      hierarchy.accredit('lab-alpha', [wide], { author: 'body' });
      hierarchy.addReport({ ...byLaboratory, id: 'next', performed: '2025-06-01' });
      assert.match(await outcome(only()), /^TRACEABLE/);
      assert.deepEqual(await institutes(only()), ['nmi-north']);
      assert.deepEqual(await institutes(), ['nmi-north']);
    });

    it('a value is covered by the line of a trusted accreditor, the next by another', async () => {
      await addBody('nmi-south');
      hierarchy.accredit('lab-alpha', [wide], { author: 'body' });
      hierarchy.addReport({ ...byLaboratory, ...hot, id: 'next', results: [temperatureResult(0.1, [20, 1500])] });
      assert.match(await outcome(only()), /^FAILED: The root certificate of nmi-south/);
      hierarchy.accredit('lab-alpha', [wide], { author: 'nmi-north' });
      assert.match(await outcome(only()), /^TRACEABLE/);
    });

    it('the owner whom it certifies accepts no report', async () => {
      await hierarchy.addOrganisation({ id: 'user', kind: 'OPERATOR', certifiedBy: 'nmi-south' });
      hierarchy.transfer('sensor-a', 'user');
      hierarchy.addReport({ ...byLaboratory, id: 'next', performed: '2025-06-01' });
      assert.match(await outcome(only()), /^FAILED: The root certificate of nmi-south is not among those/);
      assert.match(await outcome({ ...only(), intervalDays: 3000 }), /^FAILED: The root certificate of nmi-south/);
      assert.match(await outcome(both()), /^TRACEABLE/);
    });

    it('the owner whom it certifies agrees to no imprint', async () => {
      await hierarchy.addOrganisation({ id: 'user', kind: 'OPERATOR', certifiedBy: 'nmi-south' });
      await hierarchy.addDevice({ id: 'sold', technician: 't-oem-a', kind: 'field', owner: 'user' });
      hierarchy.addReport({ ...byLaboratory, id: 'sold-r1', device: 'sold', performed: '2025-06-01' });
      assert.match(await outcome(only(), 'sold'), /^FAILED: The root certificate of nmi-south is not among those/);
      assert.match(await outcome(both(), 'sold'), /^TRACEABLE/);
    });

    it('the owner whom it certifies sets no interval, of the device that is asked about', async () => {
      await hierarchy.addOrganisation({ id: 'user', kind: 'OPERATOR', certifiedBy: 'nmi-south' });
      hierarchy.transfer('sensor-a', 'user', { registered: '2025-06-01T00:00:00Z' });
      assert.match(await outcome(only()), /^FAILED: The root certificate of nmi-south/);
      assert.match(await outcome({ ...only(), intervalDays: 3000 }), /^TRACEABLE/, 'the question sets its own');
    });

    it('a standard that was sold to somebody below it later keeps what it has calibrated before', async () => {
      await hierarchy.addOrganisation({ id: 'user', kind: 'OPERATOR', certifiedBy: 'nmi-south' });
      hierarchy.transfer('working-a', 'user', { registered: '2025-06-01T00:00:00Z' });
      assert.match(await outcome(only()), /^TRACEABLE/);
    });
  });

  describe('by certifying organisations that they may not certify', () => {
    it('what a sensor maker certifies is certified by nobody', async () => {
      await hierarchy.addOrganisation({ id: 'lab-west', kind: 'LAB', certifiedBy: 'oem-a' });
      await hierarchy.addTechnician({ id: 't-west', organisation: 'lab-west' });
      const report = { id: 'next', device: 'sensor-a', technician: 't-west', parents: ['working-a-r1'] };
      hierarchy.addReport({ ...report, performed: '2025-06-01' });
      const { status, edges } = await hierarchy.trace('sensor-a');
      assert.equal(status, 'FAILED');
      const reasons = edges.flatMap(({ findings }) => findings.map(({ reason }) => reason));
      assert.match(reasons.join(' '), /lab-west \(LAB\) is not certified by oem-a \(OEM\)/);
    });
  });

  describe('by reducing what others have granted', () => {
    const last = async () => (await hierarchy.trace('sensor-a')).status;
    const ended = { validTo: '2025-01-01', registered: '2025-01-05T00:00:00Z' } as const;

    it('a line is ended by whoever granted it, whatever policy came since, and by the institute above', async () => {
      hierarchy.setPolicy({ accreditors: 'body' });
      hierarchy.reduce('lab-alpha', { ...ended, author: 'lab-beta', grantor: 'nmi-north' });
      hierarchy.reduce('lab-alpha', { ...ended, author: 'nmi-south', grantor: 'nmi-north' });
      hierarchy.reduce('lab-alpha', { ...ended, author: 'lab-alpha', grantor: 'nmi-north' });
      assert.equal(await last(), 'TRACEABLE');
      hierarchy.reduce('lab-alpha', ended);
      assert.match(await outcome(), /^INCOMPLETE: Organisation lab-alpha had no accreditation/);
    });
  });
});
