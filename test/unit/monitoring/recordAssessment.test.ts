import assert from 'node:assert/strict';
import { MonitoringContract } from '@tracecal/chaincode';
import type { Assessment, Page, TracesRecorded } from '@tracecal/core/contracts';
import { levelsOfSiteA, recorderOf } from '../../support/levels.js';
import type { Levels } from '../../support/levels.js';
import { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, callerOf, refuses, submit } from '../../support/registry.js';

describe('Assessments in a monitoring compartment', () => {
  let levels: Levels;
  let batches: TracesRecorded[];

  beforeEach(async () => {
    levels = await levelsOfSiteA();
    batches = [];
    for (const device of ['oem-a/sensor-a', 'ghost']) {
      const request = JSON.stringify({ devices: [device], asOf: levels.measurement.now });
      const { answer } = await levels.measurement.submit(recorderOf('oem-a'), 'recordTraces', request);
      batches.push(JSON.parse(answer) as TracesRecorded);
    }
  });

  const assess = (conclusion: string, ids = batches.map(({ id }) => id), by = recorderOf('monitor')) =>
    levels.monitoring.submit(by, 'recordAssessment', JSON.stringify({ conclusion, batches: ids }));

  it('name the batches that they rest on, by their digests and what was in them', async () => {
    const { event } = await assess('NONCONFORMING');
    assert.equal(event?.name, 'AssessmentRecorded');
    const { items } = await ask<Page<Assessment>>(levels.monitoring, 'getAssessments', {});
    assert.equal(items.length, 1);
    const [assessment] = items;
    assert.deepEqual(
      assessment?.batches,
      batches.map(({ id, digest, counts }) => ({ id, digest, counts })),
    );
    assert.deepEqual(assessment.counts, { TRACEABLE: 1, ATTESTED: 0, INCOMPLETE: 0, FAILED: 1 });
    assert.deepEqual(
      [assessment.measurement, assessment.conclusion, assessment.by],
      ['measurement-a', 'NONCONFORMING', 'MonitorMSP'],
    );
  });

  it('are answered in order of time', async () => {
    const from = levels.monitoring.now;
    for (const conclusion of ['INCONCLUSIVE', 'NONCONFORMING', 'CONFORMING']) await assess(conclusion);
    const page = await ask<Page<Assessment>>(levels.monitoring, 'getAssessments', { from, pageSize: 2 });
    assert.deepEqual(
      page.items.map(({ conclusion }) => conclusion),
      ['INCONCLUSIVE', 'NONCONFORMING'],
    );
    const next = await ask<Page<Assessment>>(levels.monitoring, 'getAssessments', { bookmark: page.bookmark });
    assert.deepEqual(
      next.items.map(({ conclusion }) => conclusion),
      ['CONFORMING'],
    );
  });

  it('are recorded by no one but a recorder of a monitor', async () => {
    const ids = batches.map(({ id }) => id);
    await refuses(assess('CONFORMING', ids, callerOf('monitor')), 'NOT_AUTHORISED', /role "recorder"/);
    for (const organisation of ['oem-a', 'lab-alpha', 'stranger']) {
      await refuses(assess('CONFORMING', ids, recorderOf(organisation)), 'NOT_AUTHORISED', /kind MONITOR/);
    }
  });

  it('are recorded by no monitor that is suspended or revoked', async () => {
    const { hierarchy, registry } = levels;
    const say = (what: 'suspension' | 'reinstatement') => {
      const now = { registered: registry.now, effective: registry.now };
      return submit(registry, hierarchy.addStatement(what, ['organisation', 'monitor'], now));
    };
    await say('suspension');
    levels.monitoring.now = registry.now;
    await refuses(assess('CONFORMING'), 'STANDING_INVALID', /monitor is suspended since .* by nmi-north/);
    await say('reinstatement');
    levels.monitoring.now = registry.now;
    await assess('CONFORMING');
  });

  it('name a batch once: its verdicts do not count twice', async () => {
    const [id = ''] = batches.map((batch) => batch.id);
    await refuses(assess('CONFORMING', [id, id]), 'INPUT_INVALID', /must not name a batch twice/);
  });

  it('rest on batches that are recorded at the site', async () => {
    const missing = '2026-01-01T00:00:00Z/tx-0';
    await refuses(assess('CONFORMING', [missing]), 'NOT_FOUND', /no batch 2026-01-01T00:00:00Z\/tx-0/);
    await refuses(assess('CONFORMING', []), 'INPUT_INVALID', /batches/);
    await refuses(assess('SPLENDID'), 'INPUT_INVALID', /conclusion/);
  });

  it('belong on a channel that watches over a site', async () => {
    const elsewhere = new MemoryLedger(new MonitoringContract(), 'calibration');
    const request = JSON.stringify({ conclusion: 'CONFORMING', batches: batches.map(({ id }) => id) });
    const attempt = elsewhere.submit(recorderOf('monitor'), 'recordAssessment', request);
    await refuses(attempt, 'WRONG_REGISTRY', /monitoring-<site>/);
  });
});
