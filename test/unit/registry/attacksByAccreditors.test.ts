import assert from 'node:assert/strict';
import type { OrganisationAnswer, RegistryAnswer } from '@tracecal/core/contracts';
import type { AccreditationLine, Result } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import { massScope, temperatureResult, temperatureScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, replay, submit } from '../../support/registry.js';

/** Nobody asks an organisation whether it wants the lines that an accreditation body grants it. */
describe('The registry under attack by accreditors', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    await submit(ledger, hierarchy.setPolicy({ accreditors: 'either' }));
  });

  const register = async (build: () => Promise<unknown>) => {
    const { length } = hierarchy.steps;
    await build();
    await replay(hierarchy, ledger, length);
  };
  const addBody = (id: string, certifiedBy: string) =>
    register(() => hierarchy.addOrganisation({ id, kind: 'ACCREDITATION_BODY', certifiedBy }));
  /** More lines than there is room to compare so many rows with. */
  const grantMuch = async (author: string, line: AccreditationLine) => {
    const lines = Array.from({ length: 64 }, () => line);
    for (let count = 0; count < 4; count += 1) {
      await submit(ledger, hierarchy.accredit('lab-alpha', lines, { author }));
    }
  };

  const values = Array.from({ length: 600 }, (_, place) => place / 10);
  const wide = async (result: Result, spec: Partial<ReportSpec> = {}) => {
    await register(() => hierarchy.addDevice({ id: 'wide', technician: 't-lab-alpha', kind: 'field' }));
    const report = { id: 'wide-r', device: 'wide', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    await submit(ledger, hierarchy.addReport({ ...report, performed: '2025-12-20', results: [result], ...spec }));
  };
  const trace = (options = {}) => ask<Verdict>(ledger, 'traceCal', 'lab-alpha/wide', options);

  describe('a body of another country, with lines that nobody asked for,', () => {
    beforeEach(async () => {
      await addBody('body', 'nmi-east');
    });

    it('leaves a report of many rows as it was, and its institute out of what the verdict rests on', async () => {
      await wide(temperatureResult(0.01, values));
      const before = await trace();
      assert.equal(before.status, 'TRACEABLE');
      await grantMuch('body', temperatureScope());
      const after = await trace();
      assert.deepEqual([after.status, after.reason], [before.status, before.reason]);
      assert.deepEqual(after.institutes, before.institutes);
    });

    it('leaves it so for whoever trusts only the institute above the laboratory', async () => {
      await wide(temperatureResult(0.01, values));
      await grantMuch('body', temperatureScope());
      const roots = (await trace()).roots.map(({ sha256 }) => sha256);
      assert.equal((await trace({ roots })).status, 'TRACEABLE');
    });

    it('leaves the methods that a report states within its accreditation', async () => {
      const method = 'DKD-R 5-1';
      await submit(ledger, hierarchy.accredit('lab-alpha', [temperatureScope({ method })]));
      await wide({ ...temperatureResult(0.01, values), methods: [method] });
      const before = await trace();
      assert.equal(before.status, 'TRACEABLE');
      await grantMuch('body', temperatureScope());
      assert.equal((await trace()).reason, before.reason);
    });

    it('is heard where the institute above the laboratory has granted nothing for it', async () => {
      await submit(ledger, hierarchy.reduce('lab-alpha', { validTo: '2026-01-01' }));
      ledger.now = '2026-01-05T12:00:00Z';
      await submit(ledger, hierarchy.accredit('lab-alpha', [temperatureScope()], { author: 'body' }));
      await wide(temperatureResult(0.01, [20]), { performed: '2026-01-05', registered: ledger.now });
      const { status, institutes } = await trace();
      assert.equal(status, 'TRACEABLE');
      assert.deepEqual(
        institutes.map(({ organisation }) => organisation),
        ['nmi-east', 'nmi-north'],
      );
    });
  });

  describe('a body of another country, for an asker who does not trust its institute,', () => {
    const trusting = async (...trusted: readonly string[]) => {
      const { institutes } = await ask<RegistryAnswer>(ledger, 'getRegistry');
      const roots = institutes.filter(({ id }) => trusted.includes(id)).map((each) => each.certificateSha256);
      const { status, reason } = await trace(trusted.length > 0 ? { roots } : {});
      return `${status}: ${reason}`;
    };
    const north = () => trusting('nmi-north');
    const grant = (author: string, number: string | null = null) =>
      submit(
        ledger,
        hierarchy.accredit('lab-new', [temperatureScope()], {
          author,
          under: { body: null, number },
          date: ledger.now,
        }),
      );
    const transcribed = (number: string) => ({
      certificate: { number: 'C-1', laboratory: 'The lab-new', country: 'DE' },
      certificateSha256: 'cd'.repeat(32),
      accredited: { body: null, number },
    });

    beforeEach(async () => {
      await addBody('body', 'nmi-east');
      await register(() =>
        hierarchy.addOrganisation({ id: 'lab-new', kind: 'LAB', certifiedBy: 'nmi-north', scopes: [] }),
      );
      await register(() => hierarchy.addTechnician({ id: 't-lab-new', organisation: 'lab-new' }));
    });

    it('does not make up for a grant that came too late', async () => {
      await grant('body');
      await wide(temperatureResult(0.01, [20]), { technician: 't-lab-new' });
      assert.match(await north(), /^FAILED: The root certificate of nmi-east is not among/);
      await grant('nmi-north');
      assert.match(await north(), /^ATTESTED: The accreditation of lab-new for temperature was granted on/);
      assert.match(await trusting('nmi-north', 'nmi-east'), /^TRACEABLE/);
      const { institutes } = await trace();
      assert.ok(institutes.some(({ organisation }) => organisation === 'nmi-east'));
    });

    it('does not stand for standards that are not shown', async () => {
      await grant('nmi-north', 'D-K-1');
      await wide(temperatureResult(0.01, [20]), { technician: 't-lab-new', parents: [], stated: transcribed('D-K-9') });
      const before = await north();
      assert.match(before, /^INCOMPLETE: .* No source/);
      await grant('body', 'D-K-9');
      assert.equal(await north(), before);
      assert.match(await trusting('nmi-north', 'nmi-east'), /^ATTESTED: .* rests on the accreditation/);
    });

    it('is not asked where the certificate claims its number and shows its standards', async () => {
      await grant('nmi-north', 'D-K-1');
      await grant('body', 'D-K-9');
      await wide(temperatureResult(0.01, [20]), { technician: 't-lab-new', stated: transcribed('D-K-9') });
      assert.match(await north(), /^TRACEABLE/);
    });
  });

  describe('a body of another country that grants a line under the number of somebody else', () => {
    const certificate = { number: 'C-1', laboratory: 'Elsewhere', country: 'DE', code: 'D-K-9' };
    const stated = {
      certificate,
      certificateSha256: 'cd'.repeat(32),
      accredited: { body: null, number: 'D-K-9' },
    };
    const under = { body: null, number: 'D-K-9' };
    const lines = [massScope({ max: 1e-5 })];
    /** All that a verdict says but its moment. */
    const said = async () => {
      const { status, reason, edges } = await trace();
      return { status, reason, edges };
    };

    beforeEach(async () => {
      await addBody('body', 'nmi-east');
    });

    it('does not make a transcription the own certificate of a laboratory, with or without its standards', async () => {
      for (const parents of [[], ['reference-a-r1']]) {
        await wide(temperatureResult(0.01, [20]), { parents, stated });
        const before = await said();
        assert.match(before.reason, /transcribes certificate C-1 of "Elsewhere", which is no member/);
        await submit(ledger, hierarchy.accredit('lab-alpha', lines, { author: 'body', under }));
        assert.deepEqual(await said(), before);
        hierarchy = await twoCountries();
        ledger = await registryOf(hierarchy);
        await submit(ledger, hierarchy.setPolicy({ accreditors: 'either' }));
        await addBody('body', 'nmi-east');
      }
    });

    it('does not make it that of an organisation that has no accreditation at all', async () => {
      await wide(temperatureResult(0.01, [20]), { technician: 't-oem-a', parents: ['working-a-r1'], stated });
      const before = await said();
      await submit(ledger, hierarchy.accredit('oem-a', lines, { author: 'body', under }));
      assert.deepEqual(await said(), before);
    });

    it('is not heard, but the institute above and its bodies are', async () => {
      await wide(temperatureResult(0.01, [20]), { stated });
      await addBody('body-north', 'nmi-north');
      await submit(ledger, hierarchy.accredit('lab-alpha', lines, { author: 'body-north', under }));
      assert.equal((await trace()).status, 'TRACEABLE');
    });
  });

  describe('an accreditor that is no more', () => {
    beforeEach(async () => {
      await addBody('body', 'nmi-east');
      await register(() =>
        hierarchy.addOrganisation({ id: 'lab-new', kind: 'LAB', certifiedBy: 'nmi-north', scopes: [] }),
      );
      await register(() => hierarchy.addTechnician({ id: 't-lab-new', organisation: 'lab-new' }));
      await submit(ledger, hierarchy.accredit('lab-new', [temperatureScope()], { author: 'body', date: ledger.now }));
    });

    const work = async (performed: string, technician = 't-lab-new') => {
      const id = `${technician}-${performed}`;
      await register(() =>
        hierarchy.addDevice({ id, technician: 't-lab-alpha', kind: 'field', registered: ledger.now }),
      );
      const report = { id: `${id}-r`, device: id, technician, parents: ['reference-a-r1'] };
      await submit(ledger, hierarchy.addReport({ ...report, performed, registered: ledger.now }));
      return id;
    };
    const statusOf = async (id: string) => {
      const { status, reason } = await ask<Verdict>(ledger, 'traceCal', `lab-alpha/${id}`, { asOf: ledger.now });
      return `${status}: ${reason}`;
    };
    const end = (id: string, reason: 'cessation' | 'accreditation-withdrawn') =>
      submit(
        ledger,
        hierarchy.addStatement('revocation', ['organisation', id], {
          ...(id === 'body' ? { author: 'nmi-east' } : { author: 'nmi-north', signers: MAJORITY }),
          ...{ reason, effective: ledger.now, registered: ledger.now },
        }),
      );
    const MAJORITY = ['officer:nmi-north/officer', 'officer:nmi-south/officer'];

    for (const reason of ['cessation', 'accreditation-withdrawn'] as const) {
      for (const gone of ['body', 'nmi-east']) {
        it(`(${gone}, ${reason}) supports what was done before, and nothing that is done later`, async () => {
          ledger.now = '2026-01-05T12:00:00Z';
          const before = await work('2026-01-04');
          ledger.now = '2026-01-10T12:00:00Z';
          await end(gone, reason);
          ledger.now = '2026-01-15T12:00:00Z';
          const between = await work('2026-01-08');
          const later = await work('2026-01-14');
          assert.match(await statusOf(before), /^TRACEABLE/);
          assert.match(await statusOf(between), /^ATTESTED/);
          assert.match(await statusOf(later), /^INCOMPLETE: Organisation lab-new had no accreditation on 2026-01-14/);
        });
      }
    }

    it('supports new work by what the ledger held before it ended', async () => {
      ledger.now = '2026-01-08T12:00:00Z';
      const device = await work('2026-01-07');
      ledger.now = '2026-01-10T12:00:00Z';
      await end('body', 'cessation');
      const { status } = await ask<Verdict>(ledger, 'traceCal', `lab-alpha/${device}`, {
        asOf: '2026-01-09T12:00:00Z',
      });
      assert.equal(status, 'TRACEABLE');
      const { lines } = await ask<OrganisationAnswer>(ledger, 'getOrganisation', 'lab-new');
      assert.deepEqual(
        lines.map(({ scope }) => scope.validTo),
        ['2026-01-10'],
      );
    });

    it('takes no capability from an institute: a majority decided on that', async () => {
      await submit(
        ledger,
        hierarchy.accredit('nmi-north', [massScope()], {
          author: 'nmi-east',
          signers: ['officer:nmi-east/officer', ...MAJORITY],
          date: ledger.now,
        }),
      );
      ledger.now = '2026-01-10T12:00:00Z';
      await end('nmi-east', 'cessation');
      const { lines } = await ask<OrganisationAnswer>(ledger, 'getOrganisation', 'nmi-north');
      assert.equal(lines.find(({ by }) => by === 'nmi-east')?.scope.validTo, massScope().validTo);
    });
  });

  it('an institute fills no record of another’s laboratory with bodies that it certifies', async () => {
    const bodies = ['one', 'two', 'three', 'four', 'five'].map((name) => `body-${name}`);
    for (const body of bodies) {
      await addBody(body, 'nmi-east');
    }
    await addBody('body-south', 'nmi-south');
    const grant = (author: string) => submit(ledger, hierarchy.accredit('lab-alpha', [massScope()], { author }));
    for (const body of bodies.slice(0, 4)) {
      await grant(body);
    }
    await refuses(grant('body-five'), 'INPUT_INVALID', /4 bodies that nmi-east certifies have granted lab-alpha lines/);
    for (const author of ['body-one', 'body-south', 'nmi-north']) {
      await grant(author);
    }
    const { lines } = await ask<OrganisationAnswer>(ledger, 'getOrganisation', 'lab-alpha');
    assert.equal(lines.at(-1)?.by, 'nmi-north');
  });
});
