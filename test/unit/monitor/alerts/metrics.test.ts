import assert from 'node:assert/strict';
import { MonitorMetrics, MOST_COHORTS } from '@tracecal/monitor';
import type { MeasuredInstrument } from '@tracecal/monitor';
import { textOf } from '../../../support/pages.js';

const NAME = /\btracecal_monitor_\w+/g;

function instrument(number: number, change: Partial<MeasuredInstrument['instrument']> = {}): MeasuredInstrument {
  return {
    instrument: { device: `oem-a/SECRET-${number}`, site: 'plant-1', model: 'T4', firmware: '2.1', ...change },
    condition: 'to be looked at',
    traceability: { now: 'TRACEABLE' },
    due: { state: 'soon' },
  };
}

/** Metrics in which everything was counted at least once. */
function used(reports = [instrument(1), instrument(2, { site: 'plant-2' })]): MonitorMetrics {
  const metrics = new MonitorMetrics();
  metrics.fleet(reports, 1_000_000);
  metrics.attempt('control-room', 'failed');
  metrics.outbox({ waiting: 2, dead: 1, oldest: 500_000 });
  const day = '2026-01-01T00:00:00Z';
  const subject = { kind: 'device', id: 'oem-a/SECRET-1' } as const;
  metrics.finding({ name: 'drift', subject, says: 'It drifts.', evidence: [], from: day, to: day });
  return metrics;
}

function namesIn(text: string): string[] {
  return [...new Set(text.match(NAME) ?? [])].sort();
}

describe('Metrics of a monitor', () => {
  it('are all documented, and rules and dashboard name them all and no others', async () => {
    const exported = (await used().registry.getMetricsAsJSON()).map(({ name }) => name).sort();
    assert.deepEqual(namesIn(textOf('docs/monitor/alerts.rules.yml')), exported);
    assert.deepEqual(namesIn(textOf('docs/monitor/grafana.json')), exported);
    const documented = textOf('docs/monitoring.md')
      .split('\n')
      .filter((line) => line.startsWith('| `tracecal_monitor_'));
    assert.deepEqual(namesIn(documented.join('\n')), exported);
  });

  it('have a label for each that the rules and the dashboard read', async () => {
    const metrics = await used().registry.getMetricsAsJSON();
    const labels = new Set(metrics.flatMap(({ values }) => values.flatMap((value) => Object.keys(value.labels))));
    const texts = textOf('docs/monitor/alerts.rules.yml') + textOf('docs/monitor/grafana.json');
    const read = [...texts.matchAll(/by \(([\w, ]+)\)|\$labels\.(\w+)|[{,](\w+)(?:=|!=|!~)/g)];
    const names = read.flatMap(([, by = '', label = '', match = '']) => [...by.split(', '), label, match]);
    for (const name of names.filter((each) => each !== '')) assert.ok(labels.has(name), name);
  });

  it('hold no id of a device, and count by site', async () => {
    const text = await used().registry.metrics();
    assert.ok(!text.includes('SECRET'));
    assert.match(text, /tracecal_monitor_instruments\{site="plant-2",condition="to be looked at"\} 1/);
    assert.match(text, /tracecal_monitor_alerts_oldest_timestamp_seconds 500\n/);
    assert.match(text, /tracecal_monitor_findings_total\{name="drift",subject="device"\} 1/);
  });

  it('show the cohorts with the most suspects, and say how many are not shown', async () => {
    const many = Array.from({ length: MOST_COHORTS + 5 }, (_, number) =>
      instrument(number, { firmware: `f${number}` }),
    );
    const text = await used([...many, instrument(99, { firmware: 'f24' })]).registry.metrics();
    assert.equal([...text.matchAll(/^tracecal_monitor_cohort_suspects\{/gm)].length, MOST_COHORTS);
    assert.match(text, /cohort_suspects\{model="T4",firmware="f24"\} 2/);
    assert.match(text, /tracecal_monitor_cohorts_truncated 5\n/);
  });

  it('forget what the fleet was like before', async () => {
    const metrics = used();
    metrics.fleet([], 2_000_000);
    assert.ok(!/^tracecal_monitor_instruments\{/m.test(await metrics.registry.metrics()));
  });

  it('follow the rules of names: counters end in total, times in seconds', async () => {
    for (const { name, type } of await used().registry.getMetricsAsJSON()) {
      assert.equal(String(type) === 'counter', name.endsWith('_total'), name);
      if (name.includes('timestamp')) assert.ok(name.endsWith('_timestamp_seconds'));
    }
  });
});
