import assert from 'node:assert/strict';
import type { Jws, Subject } from '@tracecal/core/model';
import {
  acceptanceOf,
  anchorOf,
  keySigner,
  newStatement,
  referenceTo,
  rejectionOf,
  ReportBuilder,
  signReport,
  signStatement,
  statementDigest,
  TraceCal,
} from '@tracecal/gateway-client';
import type { Item, Signer } from '@tracecal/gateway-client';
import { failsWith } from '../../support/clientFailure.js';
import { AS_OF, later, temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { ledgerOf } from '../../support/ledgerOf.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { refuses, registryOf } from '../../support/registry.js';

const SENSOR = 'oem-a/sensor-a';
const RELAY = { mspId: 'NmiNorthMSP' };

async function all<T>(sequence: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of sequence) items.push(item);
  return items;
}

describe('a life with the SDK, over the contract itself', () => {
  let hierarchy: Hierarchy;
  let memory: MemoryLedger;
  let tracecal: TraceCal;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    memory = await registryOf(hierarchy);
    tracecal = new TraceCal(ledgerOf(memory, RELAY), 'registry', () => undefined);
  });

  const signer = (kind: 'technician' | 'device' | 'officer', id: string): Signer => {
    const { privateKey, certificate } = hierarchy.holder(kind, id);
    return keySigner(privateKey, certificate);
  };

  const officer = (organisation: string) => signer('officer', `${organisation}/officer`);

  const sensor: Subject<'device'> = { kind: 'device', id: SENSOR };

  async function interval(intervalDays: number, { owner = 'oem-a', number = NaN } = {}): Promise<Item> {
    const subject = owner === 'oem-a' ? sensor : ({ kind: 'device', id: `${owner}/sensor-b` } as const);
    const statement = newStatement('interval', {
      registry: await tracecal.registry(),
      author: owner,
      subject,
      number: Number.isNaN(number) ? await tracecal.nextNumber(owner, subject) : number,
      date: memory.now,
      body: { intervalDays },
    });
    return { statement: await signStatement(statement, [officer(owner)]) };
  }

  async function recalibration(id: string): Promise<Item> {
    const { record } = await tracecal.getReport('lab-alpha/working-a-r1');
    const report = new ReportBuilder({
      registry: await tracecal.registry(),
      report: id,
      device: SENSOR,
      organisation: 'oem-a',
      technician: 'oem-a/t-oem-a',
      date: memory.now,
    })
      .performed('2025-12-30')
      .parent(referenceTo(record.statement.jws))
      .result(temperatureResult(0.1))
      .build();
    return signReport(report, [signer('technician', 't-oem-a'), signer('device', 'working-a')]);
  }

  async function acceptance(report: Jws): Promise<Jws> {
    const number = await tracecal.nextNumber('oem-a', sensor);
    return signStatement(acceptanceOf(report, { author: 'oem-a', number, date: memory.now }), [officer('oem-a')]);
  }

  it('answers with ordinary objects', async () => {
    const verdict = await tracecal.traceCal(SENSOR, { asOf: AS_OF });
    assert.equal(Object.getPrototypeOf(verdict), Object.prototype);
    // Strict equality compares prototypes, too.
    assert.deepEqual(verdict, structuredClone(verdict));
  });

  it('traces a device to the roots that the asker trusts, and to no others', async () => {
    const verdict = await tracecal.traceCal(SENSOR, { asOf: AS_OF });
    assert.equal(verdict.status, 'TRACEABLE', verdict.reason);
    const roots = verdict.roots.map(({ sha256 }) => sha256);
    assert.equal((await tracecal.traceCal(SENSOR, { asOf: AS_OF, roots })).status, 'TRACEABLE');
    const others = await tracecal.traceCal(SENSOR, { asOf: AS_OF, roots: ['ab'.repeat(32)] });
    assert.notEqual(others.status, 'TRACEABLE');
  });

  it('reports an unregistered device as not registered, even if the records are not as fresh as required', async () => {
    for (const question of [{}, { maxAgeSeconds: 1 }, { roots: ['ab'.repeat(32)] }]) {
      const asked = tracecal.traceCal('oem-a/nothing', { asOf: AS_OF, ...question });
      await assert.rejects(asked, failsWith('NOT_FOUND', /No device oem-a\/nothing is registered/));
    }
  });

  it('traces many devices at once, without their evidence', async () => {
    const { results } = await tracecal.traceMany([SENSOR, 'oem-b/sensor-b'], AS_OF);
    assert.deepEqual(
      results.map(({ device, status }) => [device, status]),
      [
        [SENSOR, 'TRACEABLE'],
        ['oem-b/sensor-b', 'TRACEABLE'],
      ],
    );
  });

  it('has the owner change the interval, statement after statement, each once', async () => {
    const first = await interval(30);
    const { result } = await tracecal.setInterval(first);
    assert.deepEqual(
      result.items.map(({ type, id, author }) => [type, id, author]),
      [['IntervalSet', SENSOR, 'oem-a']],
    );
    assert.equal((await tracecal.getDevice(SENSOR)).intervalDays, 30);
    await refuses(tracecal.setInterval(first), 'ALREADY_EXISTS', /with number 3/);
    await tracecal.setInterval(await interval(60));
    assert.equal((await tracecal.getDevice(SENSOR)).intervalDays, 60);
  });

  it('has a new report count at once where its owner accepts it in the same transaction', async () => {
    const report = await recalibration('oem-a/r-2');
    await tracecal.createReport({ ...report, acceptance: await acceptance(report.statement) });
    const verdict = await tracecal.traceCal(SENSOR, { asOf: AS_OF });
    assert.deepEqual([verdict.status, verdict.edges[0]?.report], ['TRACEABLE', 'oem-a/r-2'], verdict.reason);
  });

  it('has a new report count once its owner has accepted it, and fail once they have rejected it', async () => {
    const { statement, ...beside } = await recalibration('oem-a/r-2');
    await tracecal.createReport({ statement, ...beside });
    const current = async () => (await tracecal.traceCal(SENSOR, { asOf: memory.now })).edges[0]?.report;
    assert.equal(await current(), 'oem-a/sensor-a-r1');
    await tracecal.acceptReport({ statement: await acceptance(statement) });
    assert.equal(await current(), 'oem-a/r-2');
    const number = await tracecal.nextNumber('oem-a', sensor);
    const rejection = rejectionOf(statement, { author: 'oem-a', number, date: memory.now });
    await tracecal.rejectReport({ statement: await signStatement(rejection, [officer('oem-a')]) });
    assert.equal((await all(tracecal.listReports(SENSOR)))[0]?.accepted, false);
    const verdict = await tracecal.traceCal(SENSOR, { asOf: memory.now });
    assert.equal(verdict.status, 'FAILED', verdict.reason);
  });

  it('remembers the moment at which a report was anchored', async () => {
    const report = await recalibration('oem-a/r-2');
    const { root, proofs } = anchorOf([report.statement, (await recalibration('oem-a/r-3')).statement]);
    const anchored = memory.now;
    assert.equal((await tracecal.anchor(root)).result.type, 'Anchored');
    memory.now = later(anchored, 86_400);
    const [proof] = proofs;
    await tracecal.createReport({
      ...report,
      acceptance: await acceptance(report.statement),
      ...(proof && { anchor: proof }),
    });
    const { edges } = await tracecal.traceCal(SENSOR, { asOf: memory.now });
    assert.equal(edges[0]?.registered, anchored);
  });

  it('takes statements of several kinds from a relay, all or none', async () => {
    const report = await recalibration('oem-a/r-2');
    const { result } = await tracecal.submitStatements([await interval(30, { owner: 'oem-b' }), report]);
    assert.deepEqual(
      result.items.map(({ type }) => type),
      ['IntervalSet', 'ReportCreated'],
    );
    assert.equal(result.type, 'StatementsSubmitted');
    const used = [await recalibration('oem-a/r-3'), await interval(60, { owner: 'oem-b', number: 1 })];
    await refuses(tracecal.submitStatements(used), 'ALREADY_EXISTS', /number/);
    await refuses(tracecal.getReport('oem-a/r-3'), 'NOT_FOUND', /r-3/);
  });

  it('lists what there is about a device, page by page', async () => {
    const [report] = await all(tracecal.listReports(SENSOR));
    assert.deepEqual([report?.id, report?.accepted, report?.current], ['oem-a/sensor-a-r1', true, true]);
    const changes = (await all(tracecal.history(sensor))).flatMap((entry) => entry.changes.map(({ what }) => what));
    assert.deepEqual(changes, ['device', 'acceptance']);
    assert.deepEqual(
      (await all(tracecal.findDevices({ owner: 'oem-a' }))).map(({ id }) => id),
      [SENSOR, 'oem-a/working-a'],
    );
    const affected = await all(tracecal.affectedDevices({ kind: 'device', id: 'oem-a/working-a' }));
    assert.deepEqual(
      affected.map(({ device }) => device),
      [SENSOR],
    );
    const others = { except: ['oem-a'] };
    assert.deepEqual(await all(tracecal.affectedDevices({ kind: 'device', id: 'oem-a/working-a' }, others)), []);
  });

  it('tells who is who', async () => {
    assert.equal((await tracecal.getOrganisation('lab-alpha')).kind, 'LAB');
    assert.equal((await tracecal.getTechnician('oem-a/t-oem-a')).role, 'technician');
    assert.equal(await tracecal.getTechnicianOrganisation('oem-a/t-oem-a'), 'oem-a');
    assert.match(await tracecal.getOrgName('lab-alpha'), /\S/);
    const organisations = await tracecal.getOrganisationsOfMsp('LabAlphaMSP');
    assert.ok(organisations.some(({ id }) => id === 'lab-alpha'));
    const { institutes, founding } = await tracecal.getRegistry();
    assert.deepEqual(
      institutes.map(({ id }) => id),
      ['nmi-north', 'nmi-south', 'nmi-east'],
    );
    assert.equal(founding, hierarchy.foundingDigest);
    assert.deepEqual(await tracecal.getConsents('oem-a', 'lab-alpha'), []);
    await tracecal.ping();
  });

  it('seals epochs, and has the institutes sign the digest of what they hold', async () => {
    const subject = { kind: 'registry', id: tracecal.channel } as const;
    const { number } = await tracecal.getEpoch();
    await tracecal.setInterval(await interval(30));
    const changes = await all(tracecal.getChanges(number));
    assert.deepEqual(
      changes.map(({ lines }) => lines.length),
      [1],
    );
    const place = { registry: await tracecal.registry(), author: 'nmi-north', subject, number, date: memory.now };
    const seal = newStatement('seal', { ...place, body: {} });
    await tracecal.seal({ statement: await signStatement(seal, [officer('nmi-north')]) });
    assert.equal((await tracecal.getEpoch()).number, number + 1);
    assert.notEqual((await tracecal.getEpoch(number)).seal, null);

    const { digest } = await tracecal.getEpochDigest(number);
    const heartbeat = newStatement('heartbeat', { ...place, date: memory.now, body: { digest } });
    const jws = await signStatement(heartbeat, [officer('nmi-north')]);
    assert.equal((await tracecal.heartbeat({ statement: jws })).result.type, 'Heartbeat');
    const given = await tracecal.getHeartbeat('nmi-north');
    assert.equal(given && statementDigest(given.statement.jws), statementDigest(jws));
    const verdict = await tracecal.traceCal(SENSOR, { asOf: memory.now });
    assert.deepEqual(
      verdict.heartbeats.map(({ institute, epoch }) => [institute, epoch]),
      [['nmi-north', number]],
      'the trace ends at this institute',
    );
  });
});
