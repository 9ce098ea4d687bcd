import assert from 'node:assert/strict';
import type { StatedCertificate } from '@tracecal/core/model';
import { massResult, massScope, paperParent } from '../../support/hierarchy.js';
import type { ReportSpec } from '../../support/hierarchy.js';
import { Workshop } from '../../support/workshop.js';

const NUMBER = { number: 'C-1', country: 'DE' } as const;
const OF_ALPHA = { ...NUMBER, laboratory: 'The LAB-ALPHA GmbH' };
const OF_NORTH = { ...NUMBER, laboratory: 'The nmi north' };
const OF_NOBODY = { ...NUMBER, laboratory: 'Elsewhere Calibrations' };
/** Mass at 1 kg: within the lines of all; at 5e-4 the laboratory's line does not cover it, that of the institute does. */
const COARSE = massResult(0.001);
const FINE = massResult(5e-4);

describe('A report that transcribes a certificate', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
    await workshop.hierarchy.addDevice({ id: 'old', technician: 't-oem-a', kind: 'field' });
  });

  async function outcome(
    certificate: StatedCertificate,
    { accredited = true, ...spec }: Partial<ReportSpec> & { readonly accredited?: boolean } = {},
  ): Promise<string> {
    const { hierarchy } = workshop;
    const report = { id: 'old-r', device: 'old', technician: 'all-lab-alpha', performed: '2025-06-01', ...spec };
    const { body, ...payload } = hierarchy.payload({ results: [COARSE], ...report });
    const claim = accredited ? { accredited: { body: 'DAkkS', number: 'D-K-1' } } : {};
    const statement = { ...payload, body: { ...body, certificate, ...claim } };
    hierarchy.file(statement, hierarchy.sign(statement), {});
    return workshop.outcome('old');
  }

  it("of the author's own is judged by the author's accreditation, however its name is spelled", async () => {
    assert.match(
      await outcome(OF_ALPHA, { parents: ['kilogram-r1'], accredited: false }),
      /^TRACEABLE: Traces over 2 levels to nmi-north/,
    );
  });

  it("is the author's own by the number of its accreditation", async () => {
    workshop.hierarchy.accredit('lab-alpha', [massScope({ max: 200 })], {
      under: { body: null, number: 'D-K-12345-01-00' },
    });
    const certificate = { ...OF_NOBODY, code: 'd-k-12345-01-00' };
    assert.match(await outcome(certificate, { parents: ['kilogram-r1'] }), /^TRACEABLE/);
    assert.match(await outcome({ ...OF_NOBODY, code: 'D-K-999' }, { parents: ['kilogram-r1'] }), /^ATTESTED/);
  });

  it("that bears another name is ATTESTED at best where the author says it is the author's", async () => {
    const said = { ...OF_NOBODY, issuer: 'lab-alpha' };
    assert.match(
      await outcome(said, { parents: ['kilogram-r1'] }),
      /^ATTESTED: Certificate C-1 .* names its laboratory "Elsewhere Calibrations", but the registry knows lab-alpha as "The lab-alpha"/,
    );
  });

  it("of another member is judged by that member's accreditation, and rests on its technician's word", async () => {
    const of = { ...OF_NORTH, issuer: 'nmi-north' };
    assert.match(
      await outcome(of, { results: [massResult(1e-3)] }),
      /^ATTESTED: Report .* transcribes certificate C-1 of nmi-north: it rests on the word of lab-alpha\/all-lab-alpha/,
    );
    const { roots } = await workshop.hierarchy.trace('old');
    assert.deepEqual(
      roots.map(({ organisation }) => organisation),
      ['nmi-north'],
    );
  });

  it("of another member is never judged by the importer's accreditation", async () => {
    const of = { ...NUMBER, laboratory: 'The oem-b', issuer: 'lab-beta' };
    assert.match(
      await outcome({ ...of, laboratory: 'The lab-beta' }, { results: [massResult(0.001, [50])] }),
      /^ATTESTED/,
    );
    workshop.hierarchy.reduce('lab-beta', { validTo: '2025-05-01', registered: '2025-05-01T00:00:00Z' });
    assert.match(
      await outcome({ ...of, laboratory: 'The lab-beta' }),
      /^INCOMPLETE: Organisation lab-beta had no accreditation/,
    );
  });

  it('of a member whose name it does not bear is INCOMPLETE', async () => {
    assert.match(
      await outcome({ ...OF_NOBODY, issuer: 'nmi-north' }),
      /^INCOMPLETE: .* names its laboratory "Elsewhere Calibrations", but the registry knows nmi-north as .* nothing shows/,
    );
    assert.match(await outcome({ ...OF_NOBODY, issuer: 'nmi-nowhere' }), /^INCOMPLETE: .* knows nmi-nowhere as nobody/);
  });

  it('of another member fails if that member is revoked for fraud, or says that it is not theirs', async () => {
    const of = { ...NUMBER, laboratory: 'The lab-beta', issuer: 'lab-beta' };
    assert.match(await outcome(of), /^ATTESTED/);
    workshop.hierarchy.addStatement('revocation', ['report', 'old-r'], { author: 'lab-beta', reason: 'unspecified' });
    assert.match(await workshop.outcome('old'), /^FAILED: Report lab-alpha\/old-r is revoked/);
    workshop = await Workshop.open();
    await workshop.hierarchy.addDevice({ id: 'old', technician: 't-oem-a', kind: 'field' });
    assert.match(await outcome(of), /^ATTESTED/);
    workshop.hierarchy.addStatement('revocation', ['organisation', 'lab-beta'], { reason: 'fraud' });
    assert.match(await workshop.outcome('old'), /^FAILED: Organisation lab-beta is revoked/);
  });

  describe('of a laboratory that is no member', () => {
    it('is ATTESTED as a certificate on paper is, and roots nowhere', async () => {
      assert.match(
        await outcome(OF_NOBODY),
        /^ATTESTED: Report .* transcribes certificate C-1 of "Elsewhere Calibrations", which is no member/,
      );
      assert.deepEqual((await workshop.hierarchy.trace('old')).roots, []);
    });

    it('is INCOMPLETE where it claims no accreditation, so that an own certificate gains nothing under that name', async () => {
      assert.match(await outcome(OF_NOBODY, { accredited: false }), /^INCOMPLETE: .* No source/);
      assert.match(await outcome(OF_ALPHA, { accredited: false }), /^INCOMPLETE: .* No source/);
    });

    it('is INCOMPLETE if the organisation that vouches for it is not accredited for such results', async () => {
      assert.match(
        await outcome(OF_NOBODY, { results: [massResult(0.001, [500])] }),
        /^INCOMPLETE: .* its laboratory is no member .* lab-alpha, which vouches for it, had no accreditation/,
      );
      assert.match(await outcome(OF_NOBODY, { results: [massResult(1e-5)] }), /^INCOMPLETE: .* no member/);
    });

    it('is held against the standards that it names all the same', async () => {
      assert.match(await outcome(OF_NOBODY, { parents: ['kilogram-r1'] }), /^ATTESTED/);
      workshop.hierarchy.addStatement('revocation', ['device', 'kilogram'], { reason: 'fraud' });
      assert.match(await workshop.outcome('old'), /^FAILED: Device nmi-north\/kilogram is revoked/);
    });

    it('gains an institute nothing: it is not a root', async () => {
      assert.match(
        await outcome(OF_NOBODY, { technician: 'all-nmi-north', results: [FINE] }),
        /^ATTESTED: .* no member/,
      );
    });

    it("is the author's where it bears the author's name, whatever is left out", async () => {
      assert.match(await outcome(OF_ALPHA, { accredited: false, parents: [] }), /^INCOMPLETE: .* No source/);
      assert.match(await outcome({ ...OF_ALPHA, issuer: 'lab-beta' }, {}), /^INCOMPLETE: .* nothing shows/);
    });

    it('may be named by a sensor maker for what is its own, as on paper', async () => {
      assert.match(await outcome(OF_NOBODY, { technician: 'all-oem-a' }), /^ATTESTED: .* no member/);
      const other = { ...NUMBER, laboratory: 'The lab-beta', issuer: 'lab-beta' };
      workshop.hierarchy.reduce('lab-beta', { validTo: '2025-05-01', registered: '2025-05-01T00:00:00Z' });
      assert.match(await outcome(other, { technician: 'all-oem-a' }), /^INCOMPLETE: Organisation lab-beta had no/);
    });

    it('with paper parents is no better than one that a report names on paper', async () => {
      const paper = paperParent('K-1', [
        {
          quantity: 'mass',
          unit: '\\kilogram',
          min: 0,
          max: 10,
          uncertainty: { expanded: 1e-4, coverageFactor: 2, coverageProbability: null },
        },
      ]);
      assert.match(await outcome(OF_NOBODY, { parents: [paper] }), /^ATTESTED/);
    });
  });
});
