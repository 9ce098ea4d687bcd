import assert from 'node:assert/strict';
import type { AffectedDevice, Page, RegistryAnswer, ReportAnswer } from '@tracecal/core/contracts';
import type { Doubt, Verdict } from '@tracecal/core/trace';
import { temperatureResult, temperatureScope, transcribing, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, replay, store, submit } from '../../support/registry.js';

/** Members that sign for one another, or under several names. */
describe('The registry under attack by colluders', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const status = async (device: string) => (await ask<Verdict>(ledger, 'traceCal', device, {})).status;

  describe('by confirming a transcription under several names', () => {
    beforeEach(async () => {
      const of = { number: 'N-1', laboratory: 'The nmi-north', country: 'DE', issuer: 'nmi-north' };
      const report = { id: 'old', device: 'reference-a', technician: 't-lab-alpha', performed: '2025-12-20' };
      const results = [temperatureResult(0.02)];
      await submit(ledger, hierarchy.addReport({ ...report, results, stated: transcribing(of) }));
    });

    /** Organisations that another institute certifies, and that act through the MSP of a member, which agrees. */
    const addNames = async (member: string, mspId: string, ...ids: readonly string[]) => {
      const from = hierarchy.steps.length;
      for (const id of ids) {
        const signers = [`organisation:${id}`, 'officer:nmi-east/officer', `officer:${member}/officer`];
        const saying = { date: ledger.now, signers };
        await hierarchy.addOrganisation({ id, kind: 'LAB', certifiedBy: 'nmi-east', mspId, ...saying });
      }
      await replay(hierarchy, ledger, from);
    };

    it("an organisation that acts through its transcriber's MSP is not independent of it", async () => {
      await addNames('lab-alpha', 'LabAlphaMSP', 'alpha-services');
      const item = hierarchy.confirm('alpha-services', 'old', { date: ledger.now });
      const why = /alpha-services and lab-alpha both act through LabAlphaMSP/;
      await refuses(submit(ledger, item), 'NOT_AUTHORISED', why);
    });

    it('two that act through one MSP are no strangers to one another', async () => {
      await addNames('lab-beta', 'LabBetaMSP', 'beta-services', 'beta-repairs');
      for (const author of ['beta-services', 'beta-repairs', 'lab-beta']) {
        await submit(ledger, hierarchy.confirm(author, 'old', { date: ledger.now }));
        assert.equal(await status('lab-alpha/reference-a'), 'ATTESTED', author);
      }
      await submit(ledger, hierarchy.confirm('nmi-east', 'old', { date: ledger.now }));
      assert.equal(await status('lab-alpha/reference-a'), 'TRACEABLE', 'by a stranger to lab-beta');
    });

    describe('for an asker who does not trust their institute', () => {
      const trusting = async (...trusted: readonly string[]) => {
        const { institutes } = await ask<RegistryAnswer>(ledger, 'getRegistry');
        const roots = institutes.filter(({ id }) => trusted.includes(id)).map((each) => each.certificateSha256);
        const verdict = await ask<Verdict>(ledger, 'traceCal', 'lab-alpha/reference-a', { roots });
        return `${verdict.status}: ${verdict.reason}`;
      };
      const confirm = (author: string) => submit(ledger, hierarchy.confirm(author, 'old', { date: ledger.now }));

      beforeEach(async () => {
        const from = hierarchy.steps.length;
        for (const id of ['stranger-1', 'stranger-2']) {
          await hierarchy.addOrganisation({ id, kind: 'LAB', certifiedBy: 'nmi-east', date: ledger.now });
        }
        await hierarchy.addOrganisation({ id: 'lab-south', kind: 'LAB', certifiedBy: 'nmi-south', date: ledger.now });
        await replay(hierarchy, ledger, from);
        await confirm('stranger-1');
        await confirm('stranger-2');
      });

      it('two of them change nothing', async () => {
        assert.match(await trusting('nmi-north'), /^ATTESTED: .* rests on the word of lab-alpha/);
        assert.match(await trusting('nmi-north', 'nmi-east'), /^TRACEABLE/);
      });

      it('two others whom it trusts count, though they come later', async () => {
        await confirm('lab-beta');
        assert.match(await trusting('nmi-north', 'nmi-south'), /^ATTESTED/);
        await confirm('lab-south');
        assert.match(await trusting('nmi-north', 'nmi-south'), /^TRACEABLE/);
        assert.match(await trusting('nmi-north'), /^ATTESTED/);
      });
    });

    it('a member under many names leaves room for all others that its institute certifies', async () => {
      const names = Array.from({ length: 9 }, (_, place) => `beta-${place}`);
      await addNames('lab-beta', 'LabBetaMSP', ...names);
      const from = hierarchy.steps.length;
      for (const [place, certifiedBy] of names.entries()) {
        await hierarchy.addOrganisation({ id: `below-${place}`, kind: 'OPERATOR', certifiedBy, date: ledger.now });
      }
      for (const id of ['east-lab', 'east-works']) {
        await hierarchy.addOrganisation({ id, kind: 'LAB', certifiedBy: 'nmi-east', date: ledger.now });
      }
      await hierarchy.addOrganisation({ id: 'user', kind: 'OPERATOR', certifiedBy: 'east-works', date: ledger.now });
      await replay(hierarchy, ledger, from);
      const confirm = (author: string) => submit(ledger, hierarchy.confirm(author, 'old', { date: ledger.now }));
      for (const place of names.keys()) {
        for (const author of [`beta-${place}`, `below-${place}`]) {
          await confirm(author).catch((error: unknown) => {
            assert.match(String(error), /no room for another confirmation/);
          });
        }
      }
      assert.equal((await ask<readonly unknown[]>(ledger, 'getConfirmations', 'lab-alpha/old')).length, 4);
      for (const author of ['user', 'east-lab', 'nmi-east']) {
        await confirm(author);
      }
      assert.equal(await status('lab-alpha/reference-a'), 'TRACEABLE');
    });
  });

  describe('by accepting again and again, until a record forgets', () => {
    const file = (spec: Partial<ReportSpec> & { readonly id: string }) =>
      submit(
        ledger,
        hierarchy.addReport({ device: 'sensor-a', technician: 't-lab-alpha', registered: ledger.now, ...spec }),
      );
    /** More often than a record keeps what newer acceptances have replaced. */
    const acceptOften = async (report: string) => {
      for (let count = 0; count < 34; count += 1) {
        await submit(ledger, hierarchy.accept(report, { registered: ledger.now }));
      }
    };

    it('an owner makes nothing long that others read with what it has calibrated', async () => {
      await file({ id: 'next', parents: ['reference-a-r1'], performed: '2025-12-30' });
      const say = async () => {
        for (const report of ['sensor-a-r1', 'next']) {
          await submit(ledger, hierarchy.accept(report, { registered: ledger.now }));
        }
      };
      const untilRefused = async (count = 0): Promise<unknown> => {
        assert.ok(count < 60, 'there is no bound');
        return say().then(
          () => untilRefused(count + 1),
          (error: unknown) => error,
        );
      };
      assert.match(String(await untilRefused()), /oem-a has accepted report .* 40 times: no more are kept/);
      const { settled } = await ask<ReportAnswer>(ledger, 'getReport', 'oem-a/sensor-a-r1');
      assert.ok(settled.length > 0 && settled.length <= 40, `${settled.length}`);
      await submit(ledger, hierarchy.reject('sensor-a-r1', { registered: ledger.now }));
    });

    describe('a laboratory does not hide a revoked standard by importing its certificate once more', () => {
      const claim = { body: 'DAkkS', number: 'D-K-1' };
      const of = { number: 'A-1', laboratory: 'The lab-alpha', country: 'DE', issuer: 'lab-alpha' };
      const work = { performed: '2025-12-20', results: [temperatureResult(0.1)] };
      const again = { ...work, parents: [], stated: { certificate: of, accredited: claim } };

      beforeEach(async () => {
        const saying = { under: claim, registered: ledger.now };
        await submit(ledger, hierarchy.accredit('lab-alpha', [temperatureScope({})], saying));
        const ref = { device: 'reference-a', technician: 't-nmi-north', parents: ['primary-a-r1'] };
        await file({ ...ref, id: 'ref2', performed: '2025-12-01', results: [temperatureResult(0.01)] });
      });

      const revoke = () => {
        const fraud = { reason: 'fraud', registered: ledger.now } as const;
        return submit(ledger, hierarchy.addStatement('revocation', ['report', 'ref2'], fraud));
      };
      const leftOut = async () => {
        const { status: found, edges } = await ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', {});
        const reasons = edges.flatMap(({ findings }) => findings.map(({ reason }) => reason));
        const why = reasons.find((reason) =>
          reason.includes('leaves out standards that report lab-alpha/d1 of the same work'),
        );
        return [found, why !== undefined];
      };

      it('where that one is accepted until the first has left the record', async () => {
        await file({ ...work, id: 'd1', parents: ['ref2'] });
        await revoke();
        await file({ ...again, id: 'd2' });
        assert.deepEqual(await leftOut(), ['INCOMPLETE', true]);
        await acceptOften('d2');
        assert.deepEqual(await leftOut(), ['INCOMPLETE', true]);
      });

      it('where the first has left the record before it is imported', async () => {
        await file({ ...work, id: 'd1', parents: ['ref2'] });
        await revoke();
        await file({ ...work, id: 'd3', performed: '2025-12-21', parents: ['reference-a-r1'] });
        await acceptOften('d3');
        await file({ ...again, id: 'd2' });
        assert.deepEqual(await leftOut(), ['INCOMPLETE', true]);
      });

      it('where it was imported, and forgotten, before', async () => {
        await file({ ...again, id: 'd2' });
        assert.deepEqual(await leftOut(), ['ATTESTED', false]);
        await file({ ...work, id: 'd1', parents: ['ref2'] });
        await revoke();
        await acceptOften('d2');
        assert.deepEqual(await leftOut(), ['INCOMPLETE', true]);
      });
    });

    const sound = temperatureResult(0.01);
    const conformity = { of: 'error', overall: 'fail' } as const;
    const failed = { ...sound, name: 'As found', asFound: true, conformity } as const;
    const bench = { device: 'bench', parents: ['reference-a-r1'] };
    const causes = async () =>
      (await ask<readonly Doubt[]>(ledger, 'getDoubts', 'oem-a/made')).map(({ cause }) => cause);
    /** A standard, and a report that was made with it after its first calibration. */
    const useBench = async () => {
      const from = hierarchy.steps.length;
      await hierarchy.addDevice({ id: 'bench', technician: 't-oem-a' });
      await replay(hierarchy, ledger, from);
      await file({ ...bench, id: 'bench-1', performed: '2025-12-01', results: [sound] });
      const made = { technician: 't-oem-a', parents: ['bench-1'], performed: '2025-12-05' };
      await file({ ...made, id: 'made', results: [temperatureResult(0.1)] });
    };

    it('nobody has what was found of a standard count against work before a calibration that found it sound', async () => {
      await useBench();
      const limits = { kind: 'tolerance', lower: [-1, -1, -1], upper: [1, 1, 1] } as const;
      const rows = sound.rows.map((row) => ({ ...row, error: 0 }));
      const foundSound = { ...failed, rows, conformity: { of: 'error', limits } } as const;
      await file({ ...bench, id: 'bench-2', performed: '2025-12-08', results: [sound, foundSound] });
      await file({ ...bench, id: 'bench-3', performed: '2025-12-10', results: [sound, failed] });
      await file({ ...bench, id: 'bench-4', performed: '2025-12-20', results: [sound] });
      assert.deepEqual(await causes(), []);
      await acceptOften('bench-4');
      assert.deepEqual(await causes(), []);
    });

    it('an owner does not hide that its standard was found out of its limits', async () => {
      await useBench();
      await file({ ...bench, id: 'bench-2', performed: '2025-12-10', results: [sound, failed] });
      await file({ ...bench, id: 'bench-3', performed: '2025-12-20', results: [sound] });
      assert.deepEqual(await causes(), ['lab-alpha/bench-2']);
      await acceptOften('bench-3');
      assert.deepEqual(await causes(), ['lab-alpha/bench-2']);
      // Nor does an amendment that says otherwise go before what it amends.
      const amendment = { ...bench, id: 'bench-2a', performed: '2025-12-10', supersedes: 'bench-2' };
      await file({ ...amendment, results: [sound] });
      assert.deepEqual(await causes(), []);
      await file({ ...bench, id: 'bench-4', performed: '2025-12-21', results: [sound] });
      await acceptOften('bench-4');
      assert.deepEqual(await causes(), []);
    });
  });

  it('hide no doubt behind more standards than a trace follows', async () => {
    const from = hierarchy.steps.length;
    await hierarchy.addDevice({ id: 'bench', technician: 't-oem-a' });
    let above: readonly string[] = ['reference-a-r1'];
    for (const layer of Array(5).keys()) {
      const next: string[] = [];
      for (const place of Array(16).keys()) {
        const id = `s-${layer}-${place}`;
        await hierarchy.addDevice({ id, technician: 't-oem-a' });
        const spec = { device: id, technician: 't-lab-alpha', performed: `2025-12-0${layer + 1}` };
        hierarchy.addReport({ ...spec, id: `${id}-r`, parents: above, results: [temperatureResult(0.1)] });
        next.push(`${id}-r`);
      }
      above = next;
    }
    const bench = { device: 'bench', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    const sound = temperatureResult(0.01);
    hierarchy.addReport({ ...bench, id: 'bench-1', performed: '2025-12-01', results: [sound] });
    const made = { device: 'sensor-a', technician: 't-oem-a', performed: '2025-12-10' };
    const parents = [...above.slice(0, 15), 'bench-1'];
    hierarchy.addReport({ ...made, id: 'made', parents, results: [temperatureResult(0.5)] });
    const failed = { ...sound, name: 'As found', asFound: true, conformity: { of: 'error', overall: 'fail' } } as const;
    hierarchy.addReport({ ...bench, id: 'bench-2', performed: '2025-12-20', results: [sound, failed] });
    await replay(hierarchy, ledger, from);
    await refuses(
      ask(ledger, 'getDoubts', 'oem-a/made'),
      'INPUT_INVALID',
      /report oem-a\/made and what it rests on are more than one trace follows/,
    );
    assert.deepEqual(await ask(ledger, 'getDoubts', 'lab-alpha/s-2-3-r'), []);
  });

  it('cannot hide parts of a history behind too many entries', async () => {
    const id = 'oem-a/sensor-a';
    for (let count = 0; count <= 5000; count += 1) {
      store(ledger, `\u0000settled\u0000${id}\u0000lab-alpha/a-${count}\u0000`, []);
    }
    const question = { kind: 'device', id, pageSize: 10, bookmark: '' };
    await refuses(
      ask(ledger, 'history', question),
      'INPUT_INVALID',
      /more than 5000 reports whose acceptances have left/,
    );
  });

  describe('who fill the list of what depends on another', () => {
    const question = { kind: 'organisation', id: 'nmi-north', pageSize: 100, bookmark: '' };
    const affected = async (more: object = {}) =>
      (await ask<Page<AffectedDevice>>(ledger, 'affectedDevices', { ...question, ...more })).items.map(
        (each) => each.device,
      );
    /** What a report of theirs would leave behind that says who issued the certificate, or is about what another made. */
    const note = (device: string, count: number) => {
      for (let place = 0; place < count; place += 1) {
        const report = `lab-beta/c-${place}`;
        store(ledger, ['', 'rests', 'organisation', 'nmi-north', 'standard', device, report, ''].join('\u0000'), null);
      }
    };

    it('are named, and left out if that is asked for', async () => {
      const before = await affected();
      const spec = { technician: 't-lab-beta', performed: '2025-12-01', results: [temperatureResult(1)] };
      const stated = transcribing({ number: 'C-1', laboratory: 'whoever', issuer: 'nmi-north' });
      for (const id of ['b-standard', 'b-0']) {
        const kind = id === 'b-0' ? 'field' : 'standard';
        await submit(ledger, await hierarchy.addDevice({ id, technician: spec.technician, kind }));
        await submit(
          ledger,
          hierarchy.addReport({ ...spec, id: `${id}-r`, device: id, stated, registered: ledger.now }),
        );
      }
      assert.deepEqual((await affected()).sort(), [...before, 'lab-beta/b-0', 'lab-beta/b-standard'].sort());
      note('lab-beta/b-standard', 5000);
      await refuses(
        affected(),
        'INPUT_INVALID',
        /more than 5000 reports of standards that rest on organisation nmi-north.*of lab-beta: leave out .*--except lab-beta/,
      );
      assert.deepEqual(await affected({ except: ['lab-beta'] }), before);
    });

    it('are left out where they fill the list of what another made, too', async () => {
      const before = await affected();
      note('nmi-north/primary-a', 5001);
      await refuses(affected(), 'INPUT_INVALID', /--except lab-beta/);
      assert.deepEqual(await affected({ except: ['lab-beta'] }), before);
      assert.deepEqual(
        await affected({ except: ['lab-beta', 'oem-a'] }),
        before.filter((id) => !id.startsWith('oem-a/')),
      );
    });

    it('are left out with all whom they certified, however many these are', async () => {
      const before = await affected();
      const certify = (certifier: string, id: string) =>
        store(ledger, ['', 'certified', certifier, id, ''].join('\u0000'), null);
      certify('nmi-north', 'lab-beta');
      for (let place = 0; place <= 5000; place += 1) {
        certify('lab-beta', `site-${place}`);
      }
      await refuses(affected(), 'INPUT_INVALID', /5000 organisations that lab-beta certified .*--except lab-beta/);
      assert.deepEqual(await affected({ except: ['lab-beta'] }), before);
    });

    it('are few: no more than sixteen are left out at once', async () => {
      const except = Array.from({ length: 17 }, (_, place) => `lab-${place}`);
      await refuses(affected({ except }), 'INPUT_INVALID', /at except: must have at most 16 entries/);
    });
  });

  describe('whose fall is to go unnoticed', () => {
    const affected = async (kind: string, id: string) => {
      const question = { kind, id, pageSize: 100, bookmark: '' };
      return (await ask<Page<AffectedDevice>>(ledger, 'affectedDevices', question)).items.map(({ device }) => device);
    };

    beforeEach(async () => {
      await submit(ledger, hierarchy.setPolicy({ accreditors: 'either' }));
      const from = hierarchy.steps.length;
      const below = { certifiedBy: 'nmi-south', date: ledger.now } as const;
      await hierarchy.addOrganisation({ ...below, id: 'body', kind: 'ACCREDITATION_BODY' });
      await hierarchy.addOrganisation({ ...below, id: 'user', kind: 'OPERATOR' });
      await replay(hierarchy, ledger, from);
      await submit(ledger, hierarchy.transfer('sensor-a', 'user', { registered: ledger.now }));
      const work = { device: 'sensor-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
      await submit(
        ledger,
        hierarchy.addReport({ ...work, id: 'next', performed: '2025-12-31', registered: ledger.now }),
      );
    });

    it('an owner is followed to what it has accepted, its officers too', async () => {
      assert.equal(await status('oem-a/sensor-a'), 'TRACEABLE');
      assert.deepEqual(await affected('organisation', 'user'), ['oem-a/sensor-a']);
      assert.deepEqual(await affected('person', 'user/officer'), ['oem-a/sensor-a']);
      const fraud = { reason: 'fraud', signers: ['organisation:user'], registered: ledger.now } as const;
      await submit(ledger, hierarchy.addStatement('revocation', ['person', 'user/officer'], fraud));
      assert.equal(await status('oem-a/sensor-a'), 'INCOMPLETE');
    });

    it('an officer is followed to all that rests on whom the organisation vouches for', async () => {
      const all = await affected('organisation', 'lab-alpha');
      assert.ok(all.includes('oem-a/sensor-a') && all.includes('oem-a/working-a'));
      assert.deepEqual(await affected('person', 'lab-alpha/officer'), all);
    });

    describe('because it only lifted what others had said', () => {
      const now = () => ({ effective: ledger.now, registered: ledger.now });
      const standard = ['device', 'std'] as const;
      const rests = ['lab-alpha/std', 'oem-a/sensor-c'];

      /** Buyer "user" accepts nothing about the standard: what rests on it was calibrated in the seller's time. */
      beforeEach(async () => {
        const from = hierarchy.steps.length;
        const day = { performed: '2025-12-01', registered: ledger.now };
        await hierarchy.addDevice({ id: 'std', technician: 't-lab-alpha', owner: 'oem-a' });
        await hierarchy.addDevice({ id: 'sensor-c', technician: 't-oem-a', kind: 'field' });
        const work = { ...day, device: 'std', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
        hierarchy.addReport({ ...work, id: 'std-r' });
        const below = { ...day, device: 'sensor-c', technician: 't-oem-a', parents: ['std-r'] };
        hierarchy.addReport({ ...below, id: 'below-r', performed: '2025-12-05' });
        await replay(hierarchy, ledger, from);
      });

      it('an owner who lifted what a former one had said is followed to what rests on the device', async () => {
        await submit(ledger, hierarchy.addStatement('suspension', standard, { author: 'oem-a', ...now() }));
        await submit(ledger, hierarchy.transfer('std', 'user', { registered: ledger.now }));
        assert.deepEqual(await affected('organisation', 'user'), ['oem-a/sensor-a']);
        const lift = { author: 'user', lifts: 'oem-a', signers: ['officer:user/officer'], ...now() };
        await submit(ledger, hierarchy.addStatement('reinstatement', standard, lift));
        assert.equal(await status('oem-a/sensor-c'), 'TRACEABLE');
        const all = ['oem-a/sensor-a', ...rests].sort();
        assert.deepEqual((await affected('organisation', 'user')).sort(), all);
        assert.deepEqual((await affected('person', 'user/officer')).sort(), all);
        const fraud = { reason: 'fraud', signers: ['organisation:user'], registered: ledger.now } as const;
        await submit(ledger, hierarchy.addStatement('revocation', ['person', 'user/officer'], fraud));
        assert.equal(await status('oem-a/sensor-c'), 'FAILED');
      });

      it('an owner between, who suspended the device and lifted that, is followed after the next sale', async () => {
        await submit(ledger, hierarchy.transfer('std', 'user', { registered: ledger.now }));
        const own = { author: 'user', ...now() };
        await submit(ledger, hierarchy.addStatement('suspension', standard, own));
        await submit(ledger, hierarchy.addStatement('reinstatement', standard, { ...own, lifts: 'user' }));
        await submit(ledger, hierarchy.transfer('std', 'oem-b', { registered: ledger.now, by: 'user' }));
        const found = await affected('organisation', 'user');
        assert.deepEqual(found.sort(), ['oem-a/sensor-a', ...rests].sort());
      });

      it('with the reports that rest on the device, and its own', async () => {
        await submit(ledger, hierarchy.transfer('std', 'user', { registered: ledger.now }));
        const own = { author: 'user', ...now() };
        await submit(ledger, hierarchy.addStatement('suspension', standard, own));
        await submit(ledger, hierarchy.addStatement('reinstatement', standard, { ...own, lifts: 'user' }));
        for (const pageSize of [1, 2, 100]) {
          const items: AffectedDevice[] = [];
          for (let bookmark: string | null = ''; bookmark !== null;) {
            const question: object = { kind: 'organisation', id: 'user', pageSize, bookmark };
            const page: Page<AffectedDevice> = await ask(ledger, 'affectedDevices', question);
            items.push(...page.items);
            bookmark = page.bookmark === '' ? null : page.bookmark;
          }
          const reports = items.filter(({ device }) => rests.includes(device)).map((each) => each.reports);
          assert.deepEqual(reports.sort(), [['lab-alpha/std-r'], ['oem-a/below-r']], String(pageSize));
        }
      });

      it('unless it is left out', async () => {
        await submit(ledger, hierarchy.transfer('std', 'user', { registered: ledger.now }));
        const own = { author: 'user', ...now() };
        await submit(ledger, hierarchy.addStatement('suspension', standard, own));
        await submit(ledger, hierarchy.addStatement('reinstatement', standard, { ...own, lifts: 'user' }));
        const question = { kind: 'organisation', id: 'nmi-south', pageSize: 100, bookmark: '' };
        const devices = async (more: object = {}) =>
          (await ask<Page<AffectedDevice>>(ledger, 'affectedDevices', { ...question, ...more })).items.map(
            ({ device }) => device,
          );
        assert.ok((await devices()).includes('lab-alpha/std'));
        assert.ok(!(await devices({ except: ['user'] })).includes('lab-alpha/std'));
      });
    });

    it('an accreditation body is followed to the laboratories that it accredits', async () => {
      assert.deepEqual(await affected('organisation', 'body'), []);
      const line = temperatureScope({ max: 1e4 });
      await submit(ledger, hierarchy.accredit('lab-alpha', [line], { author: 'body', registered: ledger.now }));
      assert.deepEqual(await affected('organisation', 'body'), await affected('organisation', 'lab-alpha'));
    });

    it('acceptances that have left a record are followed as well, until nothing is accepted any more', async () => {
      const again = async (report: string) => {
        for (let count = 0; count < 35; count += 1) {
          await submit(ledger, hierarchy.accept(report, { registered: ledger.now }));
        }
      };
      const work = { device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
      await again('next');
      assert.deepEqual(await affected('organisation', 'user'), ['oem-a/sensor-a']);
      await submit(ledger, hierarchy.transfer('sensor-a', 'oem-b', { registered: ledger.now }));
      await submit(
        ledger,
        hierarchy.addReport({ ...work, id: 'third', performed: '2025-12-31', registered: ledger.now }),
      );
      await again('third');
      assert.deepEqual(await affected('organisation', 'user'), []);
    });
  });
});
