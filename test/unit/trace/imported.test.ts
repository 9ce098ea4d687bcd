import assert from 'node:assert/strict';
import type { Parent, StatedCertificate } from '@tracecal/core/model';
import { massResult, paperParent } from '../../support/hierarchy.js';
import type { ReportSpec } from '../../support/hierarchy.js';
import { Workshop } from '../../support/workshop.js';

const OF_ALPHA: StatedCertificate = { number: 'A-1', laboratory: 'Lab-Alpha', country: 'DE' };

describe('Results of a certificate that does not show its standards', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  /** A certificate of a laboratory as somebody imports it, with or without the claim of an accreditation. */
  const imported = async (spec: Partial<ReportSpec>, isClaimed: boolean) => {
    await workshop.hierarchy.addDevice({ id: 'old', technician: 't-oem-a', kind: 'field' });
    const report = { id: 'old-r', device: 'old', technician: 'all-lab-alpha', performed: '2025-06-01', ...spec };
    const { body, ...payload } = workshop.hierarchy.payload({ results: [massResult(0.001)], ...report });
    const claim = isClaimed ? { accredited: { body: 'DAkkS', number: 'D-K-1' } } : {};
    const statement = { ...payload, body: { ...body, certificate: OF_ALPHA, ...claim } };
    workshop.hierarchy.file(statement, workshop.hierarchy.sign(statement), {});
  };
  const external: Parent = { kind: 'external', certificate: 'DCC-7', equipment: '' };

  for (const [title, parents] of [
    ['names none', []],
    ['names one that is digital elsewhere', [external]],
    ['names one on paper that nobody describes', [paperParent('K-1', [])]],
    ['names a thermometer only', ['working-a-r1']],
  ] as const) {
    it(`are ATTESTED by the accreditation that it claims, INCOMPLETE without the claim, where it ${title}`, async () => {
      await imported({ parents }, true);
      assert.match(
        await workshop.outcome('old'),
        /^ATTESTED: .*rests on the accreditation of the laboratory\. The laboratory is lab-alpha, its accreditation DAkkS D-K-1\.$/,
      );
      await imported({ parents }, false);
      assert.match(await workshop.outcome('old'), /^INCOMPLETE/);
    });
  }

  it('are INCOMPLETE outside the lines, FAILED below the capability', async () => {
    await imported({ results: [massResult(0.001, [1, 200])] }, true);
    assert.match(
      await workshop.outcome('old'),
      /^INCOMPLETE: Organisation lab-alpha had no accreditation .* at 200 kg/,
    );
    await imported({ results: [massResult(1e-4)] }, true);
    assert.match(
      await workshop.outcome('old'),
      /^FAILED: .* states a smaller uncertainty than the accreditation of lab-alpha/,
    );
  });

  it('fail by a named standard that failed, whatever is claimed', async () => {
    await imported({ parents: ['kilogram-r1', external] }, true);
    assert.match(await workshop.outcome('old'), /^ATTESTED/);
    workshop.hierarchy.addStatement('revocation', ['device', 'kilogram'], { reason: 'fraud' });
    assert.match(await workshop.outcome('old'), /^FAILED: Device nmi-north\/kilogram is revoked/);
  });

  it('are not covered by it where the certificate itself leaves a result out', async () => {
    await imported({ results: [{ ...massResult(0.001), excluded: 'not-accredited' }] }, true);
    assert.match(
      await workshop.outcome('old'),
      /^INCOMPLETE: .* its issuer itself states that its accreditation does not cover this/,
    );
  });
});
