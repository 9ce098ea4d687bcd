import assert from 'node:assert/strict';
import type { Support } from '@tracecal/core/model';
import { resultOf, Workshop } from '../../support/workshop.js';

describe('A calibration of a standard that is named beside an earlier one', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  const WORK = '2025-06-01';
  const roles = (...all: readonly Support['uses'][number]['role'][]): Support => ({
    method: 'direct',
    uses: all.map((role, source) => ({ source, role })),
  });

  /** A further calibration of a standard. */
  const recalibrate = (device: string, performed: string, u = 1e-6): string => {
    const id = `${device}-${performed}`;
    workshop.hierarchy.addReport({
      id,
      device,
      technician: 'all-nmi-north',
      performed,
      results: [resultOf('dc-voltage', [[10, u]])],
    });
    return id;
  };

  const measure = async (parents: readonly string[], support?: Support) => {
    const results = [resultOf('dc-voltage', [[10, 5e-6]], support)];
    await workshop.device('meter', { parents, results, performed: WORK, registered: '2025-06-20T00:00:00Z' });
    return workshop.outcome('meter');
  };

  const zener = (id = 'zener') => workshop.standard(id, resultOf('dc-voltage', [[10, 1e-6]]));

  it('brackets the work, and is a note', async () => {
    const parents = [await zener(), recalibrate('zener', '2025-06-10')];
    assert.match(await measure(parents, roles('reference', 'after')), /^TRACEABLE/);
    assert.ok((await workshop.said('meter')).some((one) => /^support note: .* is a later calibration of/.test(one)));
  });

  it('brackets the work also where nobody declares it', async () => {
    assert.match(await measure([await zener(), recalibrate('zener', '2025-06-10')]), /^TRACEABLE/);
  });

  it('supports nothing alone', async () => {
    await zener();
    const later = recalibrate('zener', '2025-06-10');
    assert.match(await measure([later], roles('after')), /^INCOMPLETE|^FAILED/);
  });

  it('fails as a reference where it was made after the work', async () => {
    const parents = [await zener(), recalibrate('zener', '2025-06-10')];
    assert.match(await measure(parents, roles('reference', 'reference')), /^FAILED: .*before its parent/);
  });

  it('is INCOMPLETE where it was under way while the work was done', async () => {
    const first = await zener();
    workshop.hierarchy.addReport({
      id: 'during',
      device: 'zener',
      technician: 'all-nmi-north',
      begun: '2025-05-30',
      performed: '2025-06-10',
      results: [resultOf('dc-voltage', [[10, 1e-6]])],
    });
    assert.match(await measure([first, 'during'], roles('reference', 'after')), /^INCOMPLETE/);
  });

  it('is INCOMPLETE where it was made before the work: what was used may not be called a check of what came after', async () => {
    const parents = [await zener(), recalibrate('zener', '2025-05-01')];
    workshop.hierarchy.addStatement('revocation', ['report', 'zener-2025-05-01'], { reason: 'fraud' });
    assert.match(
      await measure(parents, roles('reference', 'after')),
      /^INCOMPLETE: .* is declared as a later calibration .* before the work ended/,
    );
  });

  it('is INCOMPLETE where it is one of another device', async () => {
    const parents = [await zener(), await zener('other')];
    assert.match(await measure(parents, roles('reference', 'after')), /^INCOMPLETE/);
  });

  describe('as an influence', () => {
    const measured = resultOf('dc-voltage', [[10, 1e-6]]);
    const ohms = (id: string, performed: string, quantity: 'resistance' | 'mass' = 'resistance'): string => {
      const results = [resultOf(quantity, [[10, 1e-6]])];
      workshop.hierarchy.addReport({ id, device: 'shunt', technician: 'all-nmi-north', performed, results });
      return id;
    };
    const uses = (role: 'check' | 'influence', share?: number): Support => ({
      method: 'direct',
      uses: [
        { source: 0, role: 'reference' },
        { source: 1, role },
        { source: 2, role: 'influence', ...(share !== undefined && { share }) },
      ],
    });
    let reference: string;

    beforeEach(async () => {
      reference = await workshop.standard('zener', measured);
      await workshop.hierarchy.addDevice({ id: 'shunt', technician: 't-oem-a' });
    });

    it('counts beside an earlier one that is used for the same', async () => {
      const parents = [reference, ohms('before', '2025-02-01'), ohms('after', '2025-06-10')];
      assert.match(await measure(parents, uses('influence')), /^TRACEABLE/);
    });

    it('is open where the earlier one is a check, or of another kind', async () => {
      const parents = [reference, ohms('before', '2025-02-01'), ohms('after', '2025-06-10')];
      assert.match(
        await measure(parents, uses('check')),
        /^INCOMPLETE: .* influence but was calibrated only after the work/,
      );
      for (const role of ['check', 'influence'] as const) {
        workshop = await Workshop.open();
        reference = await workshop.standard('zener', measured);
        await workshop.hierarchy.addDevice({ id: 'shunt', technician: 't-oem-a' });
        const other = [ohms('before', '2025-02-01', 'mass'), ohms('after', '2025-06-10')];
        assert.match(await measure([reference, ...other], uses(role)), /^INCOMPLETE/, role);
      }
    });

    it('is a note where little of the uncertainty is its', async () => {
      const parents = [reference, ohms('before', '2025-02-01'), ohms('after', '2025-06-10')];
      assert.match(await measure(parents, uses('check', 0.005)), /^TRACEABLE/);
    });
  });
});
