import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { RegistryContract } from '@tracecal/chaincode';
import type { EpochDigestAnswer, HistoryEntry, Page } from '@tracecal/core/contracts';
import type { Result } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import {
  Hierarchy,
  AS_OF,
  temperatureResult,
  transactionOf,
  readSigned,
  twoCountries,
} from '../../support/hierarchy.js';
import type { Item, ReportSpec } from '../../support/hierarchy.js';
import { MemoryLedger } from '../../support/memoryLedger.js';
import type { Simulation } from '../../support/memoryLedger.js';
import { fieldsOf, remadeCertificate } from '../../support/remadeCertificate.js';
import { ask, emptyRegistryOf, refuses, registryOf, RELAY, store, submit, submitAs } from '../../support/registry.js';

const EPOCH = '\u0000epoch\u0000';
const SENSOR = '\u0000device\u0000oem-a/sensor-a\u0000';

describe('The registry under attack', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const trace = (device = 'oem-a/sensor-a') => ask<Verdict>(ledger, 'traceCal', device, '{}');
  /** The status, and the reason for it. */
  const outcome = async (device?: string) => {
    const { status, reason } = await trace(device);
    return `${status}: ${reason}`;
  };
  const own = (spec: Partial<ReportSpec> = {}): ReportSpec => ({
    id: 'next',
    device: 'sensor-a',
    technician: 't-oem-a',
    parents: ['working-a-r1'],
    performed: '2025-12-20',
    ...spec,
  });
  const strange = (spec: Partial<ReportSpec> = {}): ReportSpec =>
    own({ id: 'strange', technician: 't-lab-beta', parents: ['working-b-r1'], accepted: false, ...spec });
  const simulate = (item: Item): Promise<Simulation> => {
    const transaction = transactionOf(readSigned(item.statement));
    return ledger.simulate(RELAY, transaction, JSON.stringify({ items: [item] }));
  };

  describe('by reports of strangers', () => {
    const verdictAtNoon = () => ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', { asOf: AS_OF });

    it('keeps the verdict about a device whatever strangers file about it', async () => {
      const before = await verdictAtNoon();
      await submit(ledger, hierarchy.addReport(strange()));
      await submit(ledger, hierarchy.addReport(strange({ id: 'empty', results: [], performed: '2025-12-31' })));
      assert.deepEqual(await verdictAtNoon(), before);
      const spec = { effective: '2025-12-31T00:00:00Z', reason: 'fraud' } as const;
      await submit(ledger, hierarchy.addStatement('revocation', ['report', 'strange'], spec));
      assert.deepEqual(await verdictAtNoon(), before);
    });

    it('lets nobody accept a report but the owner', async () => {
      await submit(ledger, hierarchy.addReport(strange()));
      const byStranger = hierarchy.accept('strange', { by: 'lab-beta' });
      await refuses(submit(ledger, byStranger), 'NOT_AUTHORISED', /is owned by oem-a, not by lab-beta/);
      const forged = hierarchy.accept('strange', { signers: ['officer:lab-beta/officer'] });
      await refuses(submit(ledger, forged), 'SIGNATURE_INVALID', /not signed once by oem-a/);
      const { statement, results = [] } = hierarchy.draft(strange({ id: 'another' }));
      const acceptance = hierarchy.changed(forged.statement, {}, ['officer:lab-beta/officer']);
      await refuses(submit(ledger, { statement, results, acceptance }), 'INPUT_INVALID', /is about|another digest/);
    });

    it('leaves the owner room to recalibrate, and a trace its cost, after 300 reports of a stranger', async () => {
      const reads = async () => (await ledger.simulate({ mspId: 'AnyMSP' }, 'traceCal', 'oem-a/sensor-a', '{}')).reads;
      const [before, record] = [await reads(), String(ledger.state.get(SENSOR))];
      for (let page = 0; page < 3; page += 1) {
        const ids = Array.from({ length: 100 }, (_, place) => `strange-${page}-${place}`);
        await submit(ledger, ...ids.map((id) => hierarchy.draft(strange({ id }))));
      }
      assert.deepEqual(await reads(), before);
      assert.equal(String(ledger.state.get(SENSOR)), record);
      await submit(ledger, hierarchy.addReport(own()));
      assert.equal((await trace()).edges[0]?.report, 'oem-a/next');
    });

    it('lets a laboratory use its next number, whatever rivals try to register under its name', async () => {
      const spec = { technician: 't-lab-beta', organisation: 'lab-beta' };
      const stolen = hierarchy.draft(strange({ ...spec, id: 'lab-alpha/ALPHA-T-2025-0412' }));
      await refuses(submit(ledger, stolen), 'NOT_AUTHORISED', /only lab-alpha may register lab-alpha\/ALPHA-T-2025/);
      const device = await hierarchy.addDevice({ id: 'lab-alpha/pt-9', technician: 't-lab-beta' });
      await refuses(submit(ledger, device), 'NOT_AUTHORISED', /only lab-alpha may register lab-alpha\/pt-9/);
      const technician = await hierarchy.addTechnician({ id: 'lab-alpha/t-9', organisation: 'lab-beta' });
      await refuses(submit(ledger, technician), 'NOT_AUTHORISED', /only lab-alpha may register lab-alpha\/t-9/);
      const pretending = {
        ...stolen,
        statement: hierarchy.changed(stolen.statement, { author: 'lab-alpha' }),
      };
      await refuses(submit(ledger, pretending), 'WRONG_REGISTRY', /lab-beta\/t-lab-beta of another organisation/);

      const honest = { id: 'ALPHA-T-2025-0412', device: 'working-a', parents: ['reference-a-r1'] };
      await submit(ledger, hierarchy.draft(own({ ...honest, technician: 't-lab-alpha' })));
      await submit(ledger, await hierarchy.addTechnician({ id: 't-9', organisation: 'lab-alpha' }));
    });

    it('finds the sensor INCOMPLETE that a maker without accreditation recalibrates for another one', async () => {
      await submit(ledger, hierarchy.addReport(own({ device: 'sensor-b' })));
      assert.match(await outcome('oem-b/sensor-b'), /^INCOMPLETE: Organisation oem-a had no accreditation/);
    });

    it('takes a report without counted results, which a trace then finds INCOMPLETE', async () => {
      await submit(ledger, await hierarchy.addDevice({ id: 'new', technician: 't-oem-a', kind: 'field' }));
      await submit(ledger, hierarchy.addReport(own({ device: 'new', results: [] })));
      assert.match(await outcome('oem-a/new'), /^INCOMPLETE: Report oem-a\/next gives no results/);
    });
  });

  describe('by statements', () => {
    it('leaves space for those above after an owner has used up its own', async () => {
      const subject = ['device', 'sensor-a'] as const;
      const said = { author: 'oem-a', registered: ledger.now };
      for (let count = 0; count < 18; count += 1) {
        await submit(ledger, hierarchy.addStatement('suspension', subject, said));
        await submit(ledger, hierarchy.addStatement('reinstatement', subject, said));
      }
      assert.match(await outcome(), /^TRACEABLE/);
      const above = { author: 'nmi-north', effective: '2025-12-02T00:00:00Z' };
      await submit(ledger, hierarchy.addStatement('suspension', subject, above));
      assert.match(await outcome(), /^FAILED: .*is suspended since .* by nmi-north/);
      await submit(ledger, hierarchy.addStatement('revocation', subject, above));
    });

    it('accepts no statement that is effective in 9999, and none from those without a say', async () => {
      const subject = ['device', 'working-a'] as const;
      const far = { effective: '9999-01-01T00:00:00Z' };
      const suspension = hierarchy.addStatement('suspension', subject, { ...far, registered: ledger.now });
      await refuses(submit(ledger, suspension), 'TIME_INVALID', /can take effect until/);
      const foreign = hierarchy.addStatement('suspension', subject, { author: 'lab-beta' });
      await refuses(submit(ledger, foreign), 'NOT_AUTHORISED', /lab-beta has no say/);
      await submit(ledger, hierarchy.addStatement('suspension', subject));
    });

    it('refuses a report about work within a suspension, also once the suspension is lifted', async () => {
      const span = { author: 'lab-alpha', effective: '2025-12-10T00:00:00Z' };
      await submit(ledger, hierarchy.addStatement('suspension', ['organisation', 'oem-a'], span));
      const lifted = { ...span, effective: '2025-12-24T00:00:00Z', registered: ledger.now };
      await submit(ledger, hierarchy.addStatement('reinstatement', ['organisation', 'oem-a'], lifted));
      ledger.now = '2026-01-03T12:00:00Z';
      await refuses(submit(ledger, hierarchy.draft(own())), 'STANDING_INVALID', /oem-a was suspended from 2025-12-10/);
      const date = ledger.now;
      await submit(ledger, hierarchy.addReport(own({ performed: '2026-01-02', date })));
    });

    it('refuses an acceptance that was signed before a rejection and kept back, and the same words twice', async () => {
      await submit(ledger, hierarchy.addReport(own({ accepted: false })));
      const early = hierarchy.accept('next');
      const rejection = hierarchy.reject('next');
      await submit(ledger, rejection);
      await refuses(submit(ledger, early), 'ALREADY_EXISTS', /is not a new one about device oem-a\/sensor-a/);
      await refuses(submit(ledger, rejection), 'ALREADY_EXISTS', /is not a new one/);
      assert.equal((await trace()).edges[0]?.report, 'oem-a/sensor-a-r1');
    });

    it('takes what an owner or anybody else has signed from any relay', async () => {
      const rejection = hierarchy.addStatement('revocation', ['device', 'working-a'], { reason: 'fraud' });
      await submitAs(ledger, 'submitStatements', rejection);
      assert.match(await outcome(), /^FAILED/);
    });
  });

  describe('by dates and numbers', () => {
    it('refuses reports with more results than could be compared', async () => {
      const many = Array.from({ length: 10 }, () =>
        temperatureResult(
          1,
          Array.from({ length: 1024 }, () => 20),
        ),
      );
      await refuses(
        submit(ledger, hierarchy.draft(own({ results: many }))),
        'JSON_TOO_LARGE',
        /a report holds 524288: divide them/,
      );
    });

    it('tells the history of a big record in pages', async () => {
      for (let count = 0; count < 30; count += 1) {
        await submit(ledger, hierarchy.setInterval('sensor-a', 400 + count));
      }
      const numbers: number[] = [];
      let bookmark = '';
      do {
        const question = { kind: 'device', id: 'oem-a/sensor-a', pageSize: 10, bookmark };
        const page = await ask<Page<HistoryEntry>>(ledger, 'history', question);
        assert.ok(page.items.length <= 10);
        numbers.push(...page.items.flatMap(({ changes }) => changes.map(({ number }) => number)));
        bookmark = page.bookmark;
      } while (bookmark !== '');
      assert.deepEqual(
        numbers,
        Array.from({ length: 32 }, (_, place) => place),
      );
    });

    it('refuses a value that no number can hold in its unit', async () => {
      const huge: Result = { ...temperatureResult(1e-12, [1e308]), unit: '\\quetta\\kelvin' };
      const results = [temperatureResult(0.1), huge];
      await refuses(submit(ledger, hierarchy.draft(own({ results }))), 'INPUT_INVALID', /next/);
    });

    it('finds ATTESTED what was dated before its standard was retired and registered after', async () => {
      ledger.now = '2026-03-02T00:00:00Z';
      const retired = { reason: 'cessation', effective: '2026-03-01T00:00:00Z', registered: ledger.now } as const;
      await submit(ledger, hierarchy.addStatement('revocation', ['device', 'working-a'], retired));
      await submit(ledger, hierarchy.addReport(own({ performed: '2026-02-10', date: ledger.now })));
      assert.match(await outcome(), /^ATTESTED: Device oem-a\/working-a is revoked .* between the day of the work/);
      const later = hierarchy.draft(own({ id: 'after', performed: '2026-03-02', date: ledger.now }));
      await refuses(submit(ledger, later), 'PARENT_UNUSABLE', /working-a is revoked/);
    });

    it('amends no revoked report, and nothing by a report of a day that has begun nowhere', async () => {
      const amending = { id: 'sensor-a-r2', supersedes: 'sensor-a-r1', date: ledger.now };
      const ahead = hierarchy.draft(own({ ...amending, performed: '2026-01-03' }));
      await refuses(submit(ledger, ahead), 'TIME_INVALID', /performed until 2026-01-03, which lies ahead/);
      await submit(ledger, hierarchy.addStatement('revocation', ['report', 'sensor-a-r1'], { reason: 'fraud' }));
      const today = hierarchy.draft(own({ ...amending, performed: '2025-01-13' }));
      await refuses(submit(ledger, today), 'STANDING_INVALID', /sensor-a-r1 is revoked and cannot be amended/);
      assert.match(await outcome(), /^FAILED/);
    });

    it('refuses a seventeenth amendment, so that reports that depend on the first can be followed', async () => {
      let [old, count] = ['working-a-r1', 0];
      const amend = () => {
        count += 1;
        const spec = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
        return hierarchy.addReport(own({ ...spec, id: `amended-${count}`, supersedes: old, performed: '2025-01-12' }));
      };
      while (count < 16) {
        await submit(ledger, amend());
        old = `amended-${count}`;
      }
      await refuses(submit(ledger, amend()), 'INPUT_INVALID', /chain of 16 amendments/);
      // All of them repeat the report that was registered in time.
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('refuses an amendment that depends on a report below the amended one', async () => {
      const lab = { device: 'working-a', technician: 't-lab-alpha' };
      await submit(ledger, await hierarchy.addDevice({ id: 'below', technician: 't-oem-a' }));
      await submit(ledger, hierarchy.addReport(own({ id: 'below-r', device: 'below', performed: '2025-12-20' })));
      const cycle = { ...lab, id: 'cycle', supersedes: 'working-a-r1', parents: ['below-r'], performed: '2025-12-21' };
      await refuses(
        submit(ledger, hierarchy.draft(own(cycle))),
        'INPUT_INVALID',
        /would rest on itself|calibrate itself/,
      );
      assert.match(await outcome(), /^TRACEABLE/);
    });
  });

  describe('in the name of others', () => {
    it('registers no device in the name of an institute, and none whose owner has not signed', async () => {
      const stolen = await hierarchy.addDevice({ id: 'nmi-north/pt-1', technician: 't-lab-alpha' });
      await refuses(submit(ledger, stolen), 'NOT_AUTHORISED', /only nmi-north may register nmi-north\/pt-1/);
      const signers = ['technician:t-lab-alpha', 'device:lab-alpha/pt-2', 'officer:lab-alpha/officer'];
      const unasked = { id: 'pt-2', technician: 't-lab-alpha', owner: 'nmi-north', signers };
      const given = await hierarchy.addDevice(unasked);
      await refuses(submit(ledger, given), 'SIGNATURE_INVALID', /not signed once by nmi-north/);
    });

    it('maps no organisation to the MSP of another without its word', async () => {
      const spec = { id: 'oem-fake', kind: 'OEM', certifiedBy: 'nmi-north', mspId: 'OemAMSP' } as const;
      const item = await hierarchy.addOrganisation(spec);
      await refuses(submit(ledger, item), 'NOT_AUTHORISED', /oem-a already acts through OemAMSP/);
    });

    it('takes the recalibration interval from the owner alone', async () => {
      const forged = hierarchy.setInterval('sensor-a', 36_500, { signers: ['officer:lab-alpha/officer'] });
      await refuses(submit(ledger, forged), 'SIGNATURE_INVALID', /not signed once by oem-a/);
      const foreign = hierarchy.setInterval('sensor-a', 36_500, { by: 'lab-alpha' });
      await refuses(submit(ledger, foreign), 'NOT_AUTHORISED', /owned by oem-a/);
    });

    it('refuses certificates that break the profile of their role', async () => {
      const item = await hierarchy.addTechnician({ id: 't-new', organisation: 'lab-alpha' });
      const { privateKey } = hierarchy.holder('organisation', 'lab-alpha');
      const { certificate } = hierarchy.holder('technician', 't-new');
      const { subject } = fieldsOf(Buffer.from(hierarchy.holder('technician', 't-lab-beta').certificate, 'base64'));
      for (const change of [
        { hash: 'sha1' },
        { hash: 'sha384' },
        { hash: 'sha512' },
        { serial: Buffer.from([0x02, 0x01, 0x00]) },
        { subject: Buffer.from([0x30, 0x00]) },
        { subject },
      ] as const) {
        const odd = remadeCertificate(certificate, privateKey, () => change);
        const certificateSha256 = createHash('sha256').update(Buffer.from(odd, 'base64')).digest('hex');
        const statement = hierarchy.changed(item.statement, { body: { certificateSha256 } });
        await refuses(submit(ledger, { statement, certificate: odd }), 'CERTIFICATE_INVALID', /certificate/);
      }
      await submit(ledger, item);
    });

    it('registers one key for one id and one role', async () => {
      const lab = { organisation: 'lab-alpha', sameKeyAs: 'technician:t-lab-alpha' };
      const belongs = /the key of .* belongs to technician:lab-alpha\/t-lab-alpha/;
      const again = await hierarchy.addTechnician({ ...lab, id: 't-again' });
      await refuses(submit(ledger, again), 'ALREADY_EXISTS', belongs);
      await refuses(submit(ledger, await hierarchy.addOfficer({ ...lab, id: 'second' })), 'ALREADY_EXISTS', belongs);
      const device = await hierarchy.addDevice({ ...lab, id: 'pt-1', technician: 't-lab-alpha' });
      await refuses(submit(ledger, device), 'ALREADY_EXISTS', belongs);
      const oem = { id: 'oem-new', kind: 'OEM', certifiedBy: 'lab-beta', sameKeyAs: lab.sameKeyAs } as const;
      await refuses(submit(ledger, await hierarchy.addOrganisation(oem)), 'ALREADY_EXISTS', belongs);
    });

    it('keeps a revoked key out, under any id', async () => {
      const compromised = { reason: 'key-compromise', registered: ledger.now } as const;
      await submit(ledger, hierarchy.addStatement('revocation', ['person', 't-lab-alpha'], compromised));
      const again = { organisation: 'lab-beta', sameKeyAs: 'technician:t-lab-alpha' };
      const item = await hierarchy.addTechnician({ ...again, id: 't-again' });
      await refuses(submit(ledger, item), 'ALREADY_EXISTS', /belongs to technician:lab-alpha\/t-lab-alpha/);
    });

    it('registers no key whose holder has not signed with it', async () => {
      const byOthers = {
        technician: ['technician:lab-alpha/t-new=technician:t-lab-alpha', 'officer:lab-alpha/officer'],
        device: ['technician:t-lab-alpha', 'device:lab-alpha/pt-1=device:sensor-a', 'officer:lab-alpha/officer'],
        organisation: ['organisation:oem-new=organisation:lab-alpha', 'officer:lab-alpha/officer'],
      };
      const technician = { id: 't-new', organisation: 'lab-alpha', signers: byOthers.technician };
      const device = { id: 'pt-1', technician: 't-lab-alpha', signers: byOthers.device };
      const oem = { id: 'oem-new', kind: 'OEM', certifiedBy: 'lab-alpha', signers: byOthers.organisation } as const;
      for (const item of [
        await hierarchy.addTechnician(technician),
        await hierarchy.addDevice(device),
        await hierarchy.addOrganisation(oem),
      ]) {
        await refuses(submit(ledger, item), 'SIGNATURE_INVALID', /not validly signed by/);
      }
    });

    it('tells the history of things that are named like what every object has', async () => {
      const odd = { id: 'constructor', technician: 't-oem-a' };
      await submit(ledger, await hierarchy.addTechnician({ id: 'toString', organisation: 'oem-a' }));
      await submit(ledger, await hierarchy.addDevice(odd));
      await submit(ledger, hierarchy.addReport(own({ id: 'valueOf', device: 'constructor', technician: 'toString' })));
      for (const [kind, id, what] of [
        ['person', 'oem-a/toString', ['authorisation']],
        ['device', 'oem-a/constructor', ['device', 'acceptance']],
        ['report', 'oem-a/valueOf', ['report']],
      ] as const) {
        const { items } = await ask<Page<HistoryEntry>>(ledger, 'history', { kind, id });
        assert.deepEqual(
          items.flatMap(({ changes }) => changes.map((change) => change.what)),
          what,
        );
      }
      assert.match(await outcome('oem-a/constructor'), /^TRACEABLE/);
    });
  });

  describe('on the institutes', () => {
    const FALL = { author: 'nmi-south', reason: 'key-compromise' } as const;
    const NORTH = ['organisation', 'nmi-north'] as const;

    it('lets a majority of the others remove a compromised institute, which then has no say', async () => {
      const alone = { ...FALL, signers: ['officer:nmi-south/officer'] };
      await refuses(
        submit(ledger, hierarchy.addStatement('revocation', NORTH, alone)),
        'SIGNATURE_INVALID',
        /majority/,
      );
      await submit(ledger, hierarchy.addStatement('revocation', NORTH, { ...FALL, registered: ledger.now }));
      assert.match(await outcome(), /^FAILED: Organisation nmi-north is revoked/);

      const seal = hierarchy.seal(ledger.now, { institute: 'nmi-north', number: 1 });
      await refuses(submit(ledger, seal), 'NOT_AUTHORISED', /nmi-north is not an institute/);
      const signers = ['organisation:nmi-west', 'officer:nmi-south/officer', 'officer:nmi-east/officer'];
      const spec = { id: 'nmi-west', kind: 'NMI', registered: ledger.now } as const;
      const item = await hierarchy.addOrganisation({ ...spec, signers });
      const statement = hierarchy.changed(item.statement, { author: 'nmi-south' }, signers);
      await submit(ledger, { ...item, statement });
    });

    it('lets no institute keep out another one that a majority admits', async () => {
      const signers = ['organisation:nmi-west', 'officer:nmi-south/officer', 'officer:nmi-east/officer'];
      const item = await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI', signers });
      const statement = hierarchy.changed(item.statement, { author: 'nmi-south' }, signers);
      await submit(ledger, { ...item, statement });
    });

    it('lets neither of two institutes remove the other', async () => {
      const two = new Hierarchy();
      await two.found({ institutes: ['nmi-north', 'nmi-south'] });
      const registry = await registryOf(two);
      const signers = ['officer:nmi-south/officer'];
      const fall = two.addStatement('revocation', NORTH, { ...FALL, signers });
      await refuses(submit(registry, fall), 'SIGNATURE_INVALID', /majority/);
    });

    it('is founded by nothing but the statement that its members were started with', async () => {
      const stranger = new Hierarchy();
      await stranger.addOrganisation({ id: 'nmi-fake', kind: 'NMI' });
      const founding = stranger.steps[0]!.item;
      const empty = emptyRegistryOf(hierarchy);
      await refuses(submit(empty, founding), 'WRONG_REGISTRY', /started for another founding/);
      const started = new MemoryLedger(new RegistryContract({ founding: null }));
      await refuses(submit(started, founding), 'WRONG_REGISTRY', /does not know which registry it serves/);
      await refuses(submit(empty, hierarchy.seal()), 'NOT_FOUND', /not founded yet/);
      await submit(empty, hierarchy.steps[0]!.item);
    });

    it('serves no ledger with another founding, however it came about', async () => {
      const stranger = new Hierarchy();
      await stranger.addOrganisation({ id: 'nmi-fake', kind: 'NMI' });
      const theirs = await registryOf(stranger);
      const ours = emptyRegistryOf(hierarchy);
      const unaware = new MemoryLedger(new RegistryContract({ founding: null }));
      theirs.state.forEach((value, key) => {
        ours.state.set(key, value);
        unaware.state.set(key, value);
      });
      await refuses(ask(unaware, 'getRegistry'), 'WRONG_REGISTRY', /start it with TRACECAL_FOUNDING/);
      await refuses(ask(ours, 'getRegistry'), 'WRONG_REGISTRY', /started for another founding/);
      await refuses(ask(ours, 'traceCal', 'oem-a/sensor-a', '{}'), 'WRONG_REGISTRY', /another founding/);
      await refuses(
        submit(ours, await hierarchy.addTechnician({ id: 't', organisation: 'lab-alpha' })),
        'WRONG_REGISTRY',
        /another founding/,
      );
    });

    it('takes no heartbeat over an epoch that was not sealed, and so no number away from later ones', async () => {
      const beat = (number: number, digest: string) =>
        submit(ledger, hierarchy.addHeartbeat('nmi-north', { number, digest, date: ledger.now }));
      const { digest } = await ask<EpochDigestAnswer>(ledger, 'getEpochDigest', '0');
      for (const number of [1, 2, Number.MAX_SAFE_INTEGER]) {
        await refuses(beat(number, digest), 'NOT_FOUND', /no sealed epoch/);
      }
      await beat(0, digest);
    });
  });

  describe('on the order of what was written', () => {
    it('a seal ends all that was endorsed before it', async () => {
      const from = hierarchy.steps.length;
      await hierarchy.addTechnician({ id: 't-new', organisation: 'oem-a' });
      await hierarchy.addDevice({ id: 'pt-1', technician: 't-oem-a' });
      hierarchy.addReport(own({ accepted: false }));
      hierarchy.addReport(own({ id: 'other' }));
      hierarchy.setInterval('sensor-a', 400);
      hierarchy.transfer('working-a', 'lab-alpha');
      hierarchy.consent('oem-a', { laboratory: 'lab-alpha' });
      hierarchy.addStatement('suspension', ['person', 't-lab-alpha']);
      hierarchy.reduce('lab-alpha', { validTo: '2026-01-01' });
      hierarchy.setPolicy({ transcriptionDays: 30 });
      const items = hierarchy.steps.slice(from).map(({ item }) => item);
      const sealed = await simulate(hierarchy.seal(ledger.now));
      assert.ok(sealed.writes.has(EPOCH));
      for (const item of items) {
        const { reads, writes } = await simulate(item);
        const { type } = readSigned(item.statement);
        assert.ok(reads.includes(EPOCH), `${type} reads the open epoch`);
        assert.ok(!writes.has(EPOCH), `${type} leaves the epoch open`);
      }
    });

    it('whatever can change a verdict writes a line under the open epoch, and nothing else does', async () => {
      const from = hierarchy.steps.length;
      const now = { registered: ledger.now, effective: ledger.now };
      hierarchy.addReport(own({ accepted: false }));
      hierarchy.accept('next');
      hierarchy.reject('next');
      hierarchy.addReport(own({ id: 'amended', supersedes: 'sensor-a-r1', performed: '2025-01-13', accepted: false }));
      hierarchy.setInterval('sensor-a', 400);
      hierarchy.transfer('sensor-a', 'lab-alpha', { by: 'oem-a' });
      hierarchy.consent('oem-a', { laboratory: 'lab-alpha' });
      hierarchy.addStatement('suspension', ['person', 't-lab-alpha'], now);
      hierarchy.addStatement('reinstatement', ['person', 't-lab-alpha'], now);
      hierarchy.addStatement('revocation', ['device', 'working-a'], now);
      hierarchy.reduce('lab-alpha', { validTo: '2026-01-01' });
      hierarchy.setPolicy({ transcriptionDays: 30 });
      await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI', scopes: [] });
      hierarchy.addStatement('revocation', ['organisation', 'nmi-north'], { ...now, author: 'nmi-south' });
      await hierarchy.renewKey('lab-beta');
      await hierarchy.addTechnician({ id: 't-new', organisation: 'oem-b' });
      await hierarchy.addDevice({ id: 'pt-1', technician: 't-oem-b' });
      const logged = new Set<string>();
      const silent = new Set<string>();
      for (const { transaction, item } of hierarchy.steps.slice(from)) {
        const { writes } = await submit(ledger, item);
        const isLogged = [...writes.keys()].some((key) => key.startsWith('log/'));
        (isLogged ? logged : silent).add(transaction);
      }
      assert.deepEqual([...logged].sort(), [
        'acceptReport',
        'admitInstitute',
        'amendReport',
        'consent',
        'createReport',
        'reduceAccreditation',
        'reinstate',
        'rejectReport',
        'revoke',
        'setInterval',
        'setPolicy',
        'suspend',
        'transferDevice',
      ]);
      assert.deepEqual([...silent].sort(), ['createOrganisation', 'createTechnician', 'registerDevice']);
    });

    it('refuses a heartbeat unless it signs every line of the epochs that it closes', async () => {
      const suspension = hierarchy.addStatement('suspension', ['device', 'working-a']);
      const { digest: before } = await ask<EpochDigestAnswer>(ledger, 'getEpochDigest', '0');
      await submit(ledger, suspension);
      await submit(ledger, hierarchy.seal(ledger.now));
      const beat = (digest: string) =>
        submit(ledger, hierarchy.addHeartbeat('nmi-north', { digest, date: ledger.now }));
      await refuses(beat(before), 'INPUT_INVALID', /do not sign what you cannot recompute/);
      const { digest } = await ask<EpochDigestAnswer>(ledger, 'getEpochDigest', '1');
      ledger.totalQueryLimit = 2;
      const cut = [...ledger.state.keys()].find((key) => key.startsWith('log/') && key.includes('0001/'))!;
      const more = [`${cut}-more`, `${cut}-most`];
      more.forEach((key) => store(ledger, key, ['e'.repeat(64)]));
      await refuses(beat(digest), 'INPUT_INVALID', /do not sign what you cannot recompute/);
      more.forEach((key) => ledger.state.delete(key));
      await beat(digest);
    });

    it('neither a seal nor a heartbeat waits for those who write without pause', async () => {
      const sealed = await simulate(hierarchy.seal(ledger.now));
      const busy = await simulate(hierarchy.addReport(own()));
      const conflicts = (of: Simulation, beside: Simulation) => of.reads.filter((key) => beside.writes.has(key));
      assert.deepEqual(conflicts(sealed, busy), []);
      ledger.commit(sealed);
      const { digest } = await ask<EpochDigestAnswer>(ledger, 'getEpochDigest', '1');
      const beat = await simulate(hierarchy.addHeartbeat('nmi-north', { digest, date: ledger.now, number: 1 }));
      const again = await simulate(hierarchy.addReport(own({ id: 'again' })));
      assert.deepEqual(conflicts(beat, again), []);
    });
  });
});
