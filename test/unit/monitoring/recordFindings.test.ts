import assert from 'node:assert/strict';
import { MonitoringContract } from '@tracecal/chaincode';
import { MAX_EVIDENCE, MAX_FINDINGS, MAX_PROPOSED } from '@tracecal/core/contracts';
import type { Finding, FindingsRecorded, IdentifiedFinding, Page, RecordedFinding } from '@tracecal/core/contracts';
import { digest, findingOf, identified } from '../../support/findings.js';
import { levelsOfSiteA, recorderOf } from '../../support/levels.js';
import type { Levels } from '../../support/levels.js';
import { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, callerOf, refuses, submit } from '../../support/registry.js';

describe('Findings in a monitoring compartment', () => {
  let levels: Levels;

  beforeEach(async () => {
    levels = await levelsOfSiteA();
  });

  const send = (findings: readonly unknown[], by = recorderOf('monitor')) =>
    levels.monitoring.submit(by, 'recordFindings', JSON.stringify({ findings }));
  const record = async (...findings: readonly Finding[]): Promise<FindingsRecorded> =>
    JSON.parse((await send(findings.map(identified))).answer) as FindingsRecorded;
  const found = (question: object = {}) => ask<Page<RecordedFinding>>(levels.monitoring, 'getFindings', question);
  const idsOf = ({ items }: Page<IdentifiedFinding>) => items.map(({ id }) => id);

  it('are recorded under the digest of what they say, with who recorded them and when', async () => {
    const finding = identified(findingOf('at 9', { proposes: { action: 'recalibrate', devices: ['oem-a/sensor-a'] } }));
    const { event } = await send([finding]);
    assert.equal(event?.name, 'FindingsRecorded');
    const { items } = await found();
    assert.equal(items.length, 1);
    const { by, recorded, ...rest } = items[0]!;
    assert.deepEqual(rest, finding);
    assert.equal(by, 'MonitorMSP');
    assert.match(recorded.time, /Z$/);
  });

  it('are recorded once, however often they are sent, and by whichever transaction', async () => {
    const [first, second] = [findingOf('first'), findingOf('second')];
    const ids = [first, second].map((each) => identified(each).id);
    assert.deepEqual(await record(first), { type: 'FindingsRecorded', ids: [ids[0]], known: [] });
    const before = new Map(levels.monitoring.state);
    const again = await send([identified(first)]);
    assert.deepEqual(JSON.parse(again.answer), { type: 'FindingsRecorded', ids: [], known: [ids[0]] });
    assert.equal(again.event, undefined, 'nothing is new, so nobody is told');
    assert.deepEqual(levels.monitoring.state, before);
    assert.deepEqual(await record(second, first), { type: 'FindingsRecorded', ids: [ids[1]], known: [ids[0]] });
    assert.deepEqual(idsOf(await found()), ids);
  });

  it('are answered in the order in which they were recorded, page by page, and by period', async () => {
    const findings = ['a', 'b', 'c', 'd'].map((text) => identified(findingOf(text)));
    await send(findings.slice(0, 3));
    await send(findings.slice(3));
    const ids = findings.map(({ id }) => id);
    const page = await found({ pageSize: 3 });
    assert.deepEqual(idsOf(page), ids.slice(0, 3));
    assert.deepEqual(idsOf(await found({ pageSize: 3, bookmark: page.bookmark })), ids.slice(3));
    const times = (await found()).items.map(({ recorded }) => recorded.time);
    const last = times[3] ?? '';
    assert.deepEqual(
      idsOf(await found({ from: last })),
      ids.filter((_, place) => times[place] === last),
    );
    assert.deepEqual(idsOf(await found({ to: '2000-01-01T00:00:00Z' })), []);
  });

  it('are answered by subject', async () => {
    const cohort = { kind: 'cohort', id: 'firmware=2.1.7 β' } as const;
    const [sensor, firmware] = [findingOf('sensor'), findingOf('firmware', { subject: cohort })];
    await record(sensor, firmware);
    assert.deepEqual(idsOf(await found({ subject: cohort })), [identified(firmware).id]);
    assert.deepEqual(idsOf(await found({ subject: sensor.subject, pageSize: 1 })), [identified(sensor).id]);
    assert.deepEqual(idsOf(await found({ subject: { kind: 'site', id: 'firmware=2.1.7 β' } })), []);
    await refuses(found({ subject: { kind: 'person', id: 'x' } }), 'INPUT_INVALID', /subject/);
  });

  it('are answered by their ids', async () => {
    const finding = identified(findingOf('one'));
    await send([finding]);
    const { id, says } = await ask<RecordedFinding>(levels.monitoring, 'getFinding', { id: finding.id });
    assert.deepEqual([id, says], [finding.id, finding.says]);
    await refuses(ask(levels.monitoring, 'getFinding', { id: digest('none') }), 'NOT_FOUND', /no finding/);
  });

  it('cannot choose their ids', async () => {
    const honest = identified(findingOf('honest'));
    const other = identified(findingOf('other'));
    await refuses(send([honest, { ...other, says: 'Nothing is wrong.' }]), 'INPUT_INVALID', /finding 2 has id/);
    assert.deepEqual(idsOf(await found()), [], 'a page is recorded as a whole or not at all');
  });

  it('have one form, and no more than a record holds', async () => {
    const digests = (count: number) => Array.from({ length: count }, (_, place) => digest(String(place)));
    const devices = (count: number) => Array.from({ length: count }, (_, place) => `oem-a/s-${place}`);
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ name: 'Drift!' }, /name/],
      [{ says: ' ' }, /says/],
      [{ says: 'x'.repeat(1001) }, /says/],
      [{ says: 'hidden \u202e text' }, /says/],
      [{ evidence: ['ab'] }, /evidence/],
      [{ evidence: digests(MAX_EVIDENCE + 1) }, /evidence/],
      [{ evidence: [digest('x'), digest('x')] }, /evidence/],
      [{ from: '2026-03-01T11:00:00Z' }, /must not end before it begins/],
      [{ from: 'yesterday' }, /from/],
      [{ subject: { kind: 'device', id: 'x', more: 1 } }, /subject/],
      [{ proposes: { action: 'delete', devices: ['oem-a/s'] } }, /action/],
      [{ proposes: { action: 'suspend', devices: [] } }, /devices/],
      [{ proposes: { action: 'suspend', devices: devices(MAX_PROPOSED + 1) } }, /devices/],
      [{ value: 21.5 }, /value/],
    ];
    for (const [part, words] of wrong) {
      const finding = findingOf('wrong', part);
      await refuses(send([{ ...finding, ...part, id: identified(finding).id }]), 'INPUT_INVALID', words);
    }
    await refuses(send([]), 'INPUT_INVALID', /findings/);
    const twice = identified(findingOf('twice'));
    await refuses(send([twice, twice]), 'INPUT_INVALID', /must hold a finding once/);
    const many = Array.from({ length: MAX_FINDINGS }, (_, place) => findingOf(String(place)));
    await refuses(send([...many, findingOf('one more')].map(identified)), 'INPUT_INVALID', /findings/);
    assert.equal((await record(...many)).ids.length, MAX_FINDINGS);
    const largest = findingOf('largest', {
      says: 'x'.repeat(1000),
      evidence: digests(MAX_EVIDENCE),
      proposes: { action: 'quarantine', devices: devices(MAX_PROPOSED), to: 'oem-a', reaches: devices(MAX_PROPOSED) },
    });
    assert.equal((await record(largest)).ids.length, 1);
  });

  it('are recorded by no one but a recorder of a monitor that is neither suspended nor revoked', async () => {
    const page = [identified(findingOf('x'))];
    await refuses(send(page, callerOf('monitor')), 'NOT_AUTHORISED', /role "recorder"/);
    for (const organisation of ['oem-a', 'lab-alpha', 'stranger']) {
      await refuses(send(page, recorderOf(organisation)), 'NOT_AUTHORISED', /kind MONITOR/);
    }
    const { hierarchy, registry } = levels;
    const now = { registered: registry.now, effective: registry.now };
    await submit(registry, hierarchy.addStatement('suspension', ['organisation', 'monitor'], now));
    levels.monitoring.now = registry.now;
    await refuses(send(page), 'STANDING_INVALID', /monitor is suspended since .* by nmi-north/);
  });

  it('belong on a channel that watches over a site', async () => {
    const elsewhere = new MemoryLedger(new MonitoringContract(), 'calibration');
    const request = JSON.stringify({ findings: [identified(findingOf('x'))] });
    const attempt = elsewhere.submit(recorderOf('monitor'), 'recordFindings', request);
    await refuses(attempt, 'WRONG_REGISTRY', /monitoring-<site>/);
  });
});
