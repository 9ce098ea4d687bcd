import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Page, TraceBatch, TraceEntry, TracesRecorded } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import { later } from '../../support/hierarchy.js';
import { levelsOfSiteA, recorderOf } from '../../support/levels.js';
import type { Levels } from '../../support/levels.js';
import type { MemoryCaller } from '../../support/memoryLedger.js';
import { ask, callerOf, refuses, submit } from '../../support/registry.js';

describe('Verdicts in a measurement compartment', () => {
  let levels: Levels;

  beforeEach(async () => {
    levels = await levelsOfSiteA();
  });

  const record = (devices: readonly string[], asOf = levels.measurement.now, by: MemoryCaller = recorderOf('oem-a')) =>
    levels.measurement.submit(by, 'recordTraces', JSON.stringify({ devices, asOf }));
  const traces = (question: object) => ask<Page<TraceEntry>>(levels.measurement, 'getTraces', question);

  it('are those of the registry, pinned to the reports and heartbeats that they came from', async () => {
    const { answer } = await record(['oem-a/sensor-a', 'oem-b/sensor-b', 'ghost']);
    const { id } = JSON.parse(answer) as TracesRecorded;
    const [batch] = await ask<readonly TraceBatch[]>(levels.measurement, 'getBatches', { ids: [id] });
    assert.deepEqual(batch?.counts, { TRACEABLE: 2, ATTESTED: 0, INCOMPLETE: 0, FAILED: 1 });
    assert.deepEqual(
      batch.heartbeats.map(({ institute }) => institute),
      ['nmi-north', 'nmi-south'],
    );
    const { items } = await traces({ device: 'oem-a/sensor-a' });
    const reports = ['sensor-a-r1', 'working-a-r1', 'reference-a-r1', 'primary-a-r1'];
    assert.deepEqual(items, [
      {
        device: 'oem-a/sensor-a',
        status: 'TRACEABLE',
        check: null,
        fulfilled: true,
        report: 'oem-a/sensor-a-r1',
        digests: reports.map((report) => levels.hierarchy.digestOf(report)),
        asOf: batch.asOf,
        batch: id,
      },
    ]);
    const [ghost] = (await traces({ device: 'ghost' })).items;
    assert.deepEqual([ghost?.status, ghost?.check, ghost?.digests], ['FAILED', 'registered', []]);
  });

  it('change with the registry, and what was recorded before stays', async () => {
    await record(['oem-a/sensor-a']);
    const { hierarchy, registry } = levels;
    const calibrationError = {
      reason: 'calibration-error',
      registered: registry.now,
      effective: registry.now,
    } as const;
    await submit(registry, hierarchy.addStatement('revocation', ['report', 'working-a-r1'], calibrationError));
    levels.measurement.now = later(levels.registry.now, 60);
    await record(['oem-a/sensor-a']);
    const { items } = await traces({ device: 'oem-a/sensor-a' });
    assert.deepEqual(
      items.map(({ status, check }) => [status, check]),
      [
        ['TRACEABLE', null],
        ['FAILED', 'standing'],
      ],
    );
  });

  it('are answered in order of time, by period and page', async () => {
    const moments: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      moments.push(levels.measurement.now);
      await record(['oem-a/sensor-a', 'oem-a/working-a']);
    }
    const first = await traces({ device: 'oem-a/sensor-a', pageSize: 3 });
    const rest = await traces({ device: 'oem-a/sensor-a', pageSize: 3, bookmark: first.bookmark });
    assert.deepEqual(
      [...first.items, ...rest.items].map(({ asOf }) => asOf),
      moments,
    );
    assert.equal(rest.bookmark, '');
    const middle = await traces({ device: 'oem-a/sensor-a', from: moments[1], to: moments[3], pageSize: 200 });
    assert.deepEqual(
      middle.items.map(({ asOf }) => asOf),
      moments.slice(1, 4),
    );
    const batches = await ask<Page<TraceBatch>>(levels.measurement, 'listBatches', { from: moments[3] });
    assert.deepEqual(
      batches.items.map(({ asOf }) => asOf),
      moments.slice(3),
    );
    const foreign = traces({ device: 'oem-a/working-a', bookmark: first.bookmark });
    await refuses(foreign, 'INPUT_INVALID', /bookmark belongs to a different query/);
  });

  it('are named together by the digest of their batch, whatever order they were asked in', async () => {
    const { answer } = await record(['oem-a/working-a', 'oem-a/sensor-a']);
    const found = [];
    for (const device of ['oem-a/sensor-a', 'oem-a/working-a']) {
      const [entry] = (await traces({ device })).items;
      const { asOf, batch, ...trace } = entry!;
      assert.ok(batch.startsWith(asOf));
      found.push(trace);
    }
    const { digest } = JSON.parse(answer) as TracesRecorded;
    assert.equal(digest, createHash('sha256').update(canonicalJson(found)).digest('hex'));
  });

  it('are recorded without a read that another record could collide with, and without measured values', async () => {
    const { reads, writes, event } = await record(['oem-a/sensor-a', 'oem-b/sensor-b']);
    assert.deepEqual(reads, []);
    assert.equal(writes.size, 3);
    assert.equal(event?.name, 'TracesRecorded');
    const written = [...writes.values()].map(String).join('');
    assert.doesNotMatch(written, /uncertainty|expanded|degreecelsius|"value"/);
  });

  it('are recorded by no one but a recorder of an OEM', async () => {
    const now = levels.measurement.now;
    await refuses(record(['oem-a/sensor-a'], now, callerOf('oem-a')), 'NOT_AUTHORISED', /role "recorder"/);
    for (const organisation of ['monitor', 'lab-alpha', 'nmi-north', 'stranger']) {
      await refuses(
        record(['oem-a/sensor-a'], now, recorderOf(organisation)),
        'NOT_AUTHORISED',
        /no organisation of kind OEM/,
      );
    }
  });

  it('are recorded by no OEM that is revoked', async () => {
    const { hierarchy, registry } = levels;
    const fraud = { reason: 'fraud', registered: registry.now, effective: registry.now } as const;
    await submit(registry, hierarchy.addStatement('revocation', ['organisation', 'oem-a'], fraud));
    const now = registry.now;
    levels.measurement.now = now;
    await refuses(
      record(['oem-a/sensor-a'], now),
      'STANDING_INVALID',
      /oem-a is revoked since .* by lab-alpha \(fraud\)/,
    );
  });

  it('are about the present', async () => {
    const { now } = levels.measurement;
    await refuses(record(['oem-a/sensor-a'], later(now, 1)), 'TIME_INVALID', /lies ahead/);
    await refuses(record(['oem-a/sensor-a'], later(now, -901)), 'TIME_INVALID', /cannot be recorded at/);
    await record(['oem-a/sensor-a'], later(now, -900));
  });

  it('are at most 500 at once, of different devices', async () => {
    const many = Array.from({ length: 500 }, (_, index) => `device-${index}`);
    const { writes } = await record(many);
    assert.equal(writes.size, 501);
    await refuses(record([...many, 'one-more']), 'INPUT_INVALID', /devices/);
    await refuses(record([]), 'INPUT_INVALID', /devices/);
    await refuses(record(['oem-a/sensor-a', 'oem-a/sensor-a']), 'INPUT_INVALID', /twice/);
    await refuses(record(['a\u0000b']), 'INPUT_INVALID', /devices/);
  });

  it('cannot be had where the peer has no registry', async () => {
    levels.measurement.others.clear();
    await refuses(record(['oem-a/sensor-a']), 'SOURCE_UNAVAILABLE', /registry of channel calibration cannot be asked/);
  });

  it('of a batch that is not there are not found', async () => {
    const ids = ['2026-01-01T00:00:00Z/tx-0'];
    await refuses(ask(levels.measurement, 'getBatches', { ids }), 'NOT_FOUND', /no batch 2026/);
    await refuses(ask(levels.measurement, 'getBatches', { ids: ['nothing'] }), 'INPUT_INVALID', /id of a batch/);
  });
});
