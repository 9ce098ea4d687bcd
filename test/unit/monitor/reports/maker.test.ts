import assert from 'node:assert/strict';
import { instantOf } from '@tracecal/core/model';
import { findingsOf, instrumentReport, lineFaults, makerHtml, makerReport } from '@tracecal/monitor';
import type { Instrument, InstrumentReport, MakerReport } from '@tracecal/monitor';
import { normals } from '../../../support/normals.js';
import { Random } from '../../../support/random.js';
import { runSeed } from '../../../support/seed.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const day = (count: number): string => instantOf(START + count * 86_400_000);
const PERIOD = { from: day(30), to: day(60) };

function reportOf(instrument: Instrument, errors: readonly number[]): InstrumentReport {
  const observed = errors.map((error, at) => ({
    device: instrument.device,
    source: 'sent' as const,
    time: day(at),
    unit: '\\volt',
    value: 5 + error,
    uncertainty: { expanded: 0.2, coverageFactor: 2 },
    reference: { value: 5, expanded: 0.02, coverageFactor: 2 },
    evidence: String(at).padStart(64, '0'),
  }));
  const verdicts = [{ from: day(0), status: 'TRACEABLE' as const, levels: 2 }];
  return instrumentReport({ instrument, observed, verdicts }, { period: PERIOD });
}

const MAKERS = ['oem-a', 'oem-b'];

/** A line of six nodes of two makers in turns; from a node on, what it adds to the error is passed on to all behind it. */
function lineWith(fault: number, seed: number): InstrumentReport[] {
  const random = new Random(seed);
  return Array.from({ length: 6 }, (_, position) => {
    const errors = normals(random, 60).map((z, at) => 0.05 * z + (at >= 40 && position >= fault ? 1 : 0));
    const device = `${MAKERS[position % 2] ?? ''}/N-${position}`;
    return reportOf({ device, site: 'plant', line: { name: 'L1', position } }, errors);
  });
}

describe('A line whose readings leave', () => {
  it('has its fault at the first node, of twenty lines in nearly all', () => {
    const right = Array.from({ length: 20 }, (_, index) => {
      const fault = index % 6;
      const [found] = lineFaults(lineWith(fault, runSeed + 7919 * index).map(strongest));
      return found?.position === fault && found.behind === 5 - fault;
    }).filter(Boolean).length;
    assert.ok(right >= 18, `${right} of 20`);
  });

  it('has no fault where nothing leaves, and lines of one name at two sites are two', () => {
    const reports = lineWith(2, runSeed).map(strongest);
    const moved = reports.map((report) => ({ ...report, instrument: { ...report.instrument, site: 'other' } }));
    assert.equal(lineFaults([...reports, ...moved]).length, 2);
    assert.deepEqual(lineFaults(reports.slice(0, 2)), []);
  });
});

/** Without what chance shows in a node that is in order: the fault of 20 standard deviations is outside of all limits. */
function strongest(report: InstrumentReport): InstrumentReport {
  const { quality } = report;
  if (!quality || quality.shewhart.outside > 10) return report;
  return { ...report, quality: { ...quality, findings: [] } };
}

describe("A maker's report", () => {
  const reports = lineWith(2, runSeed).map(strongest);
  const findings = reports.flatMap(findingsOf);
  const report = (maker: string): MakerReport => makerReport({ maker, period: PERIOD, reports, findings });

  it('has events, condition, quality, compliance and the lines that its devices fail', () => {
    const { events, devices, conditions, compliance, lines } = report('oem-a');
    assert.equal(devices.length, 3);
    assert.equal(
      Object.values(conditions).reduce((sum, count) => sum + count, 0),
      3,
    );
    assert.equal(compliance.values, 90);
    assert.equal(compliance.relied, 1);
    assert.deepEqual(
      lines.map(({ device, behind }) => [device, behind]),
      [['oem-a/N-2', 1]],
    );
    assert.ok(events.some(({ device, name }) => device === 'oem-a/N-2' && name === 'outside'));
    assert.ok(
      devices.every(
        ({ worstEn, stability, used }) => worstEn !== undefined && stability !== undefined && used === undefined,
      ),
    );
  });

  it('tells nothing about devices of other makers', () => {
    for (const [maker, other] of [
      ['oem-a', 'oem-b'],
      ['oem-b', 'oem-a'],
    ] as const) {
      const own = report(maker);
      assert.ok(![JSON.stringify(own), makerHtml(own)].some((text) => text.includes(other)));
    }
    assert.deepEqual(report('oem-b').lines, []);
    assert.deepEqual(report('oem').devices, []);
    const alone = {
      maker: 'oem-b',
      period: PERIOD,
      reports: reports.filter(({ instrument }) => instrument.device.startsWith('oem-b/')),
      findings,
    };
    assert.deepEqual(makerReport(alone).devices, report('oem-b').devices);
  });

  it('puts findings of one kind about a device together', () => {
    const one = findings.find(({ name, subject }) => name === 'outside' && subject.id === 'oem-a/N-2');
    assert.ok(one);
    const twice = makerReport({
      maker: 'oem-a',
      period: PERIOD,
      reports,
      findings: [one, { ...one, to: day(55) }, { ...one, to: day(70) }],
    });
    assert.deepEqual(
      twice.events.map(({ times, to }) => [times, to]),
      [[2, day(55)]],
    );
  });

  it('is one HTML file without script, in which what others wrote is escaped', () => {
    const evil = '<script>alert("x")</script>';
    const odd = reportOf({ device: "oem-a/'&", site: 'plant', model: evil, firmware: '<img src=x>' }, [0]);
    const html = makerHtml(makerReport({ maker: 'oem-a', period: PERIOD, reports: [...reports, odd], findings }));
    assert.ok(!/<script|<img|<link|\bsrc="|href=/.test(html));
    assert.match(html, /&lt;script&gt;alert\(&quot;x&quot;\)/);
    assert.match(html, /oem-a\/&#39;&amp;/);
    assert.match(html, /default-src 'none'/);
    assert.match(html, /Where lines fail/);
  });
});
