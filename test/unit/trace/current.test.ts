import assert from 'node:assert/strict';
import type { Argument, Result } from '@tracecal/core/model';
import { massResult, temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';

describe('The current reports of a device', () => {
  let hierarchy: Hierarchy;

  const U = 0.1;
  const calibrate = (id: string, performed: string, values: readonly number[], spec: Partial<ReportSpec> = {}) => {
    const report = { id, device: 'probe', technician: 't-lab-alpha', parents: ['wide-r'], performed };
    hierarchy.addReport({ ...report, results: [temperatureResult(U, values)], ...spec });
  };

  beforeEach(async () => {
    hierarchy = await twoCountries();
    await hierarchy.addDevice({ id: 'probe', technician: 't-oem-a', kind: 'field' });
    await hierarchy.addDevice({ id: 'wide', technician: 't-lab-alpha' });
    const wide = { id: 'wide-r', device: 'wide', technician: 't-nmi-north', performed: '2025-01-11' };
    hierarchy.addReport({ ...wide, results: [temperatureResult(0.01, [-50, 0, 100, 250])] });
  });

  const given = async (options = {}) => {
    const { results } = await hierarchy.trace('probe', options);
    return results.map(({ report, range, status }) => `${report} ${range?.min}..${range?.max} ${status}`);
  };

  const outcome = async (options = {}) => {
    const { status, reason } = await hierarchy.trace('probe', options);
    return `${status}: ${reason}`;
  };

  const notes = async (options = {}) => {
    const { findings } = await hierarchy.trace('probe', options);
    return findings.map(({ outcome: what, reason }) => `${what}: ${reason}`);
  };

  it('are the newest, and an older one at places of which it says nothing', async () => {
    calibrate('old', '2025-02-01', [-40, 0, 50, 100, 150, 200]);
    calibrate('new', '2025-03-01', [0, 50, 100]);
    assert.deepEqual(await given(), ['lab-alpha/new 0..100 TRACEABLE', 'lab-alpha/old -40..200 TRACEABLE']);
    const { edges } = await hierarchy.trace('probe', { explain: true });
    const old = edges.find(({ report }) => report === 'lab-alpha/old')?.compared ?? [];
    const at = old.flatMap((sentence) => /^support: .* at (-?\d+) °C/.exec(sentence)?.[1] ?? []);
    assert.deepEqual(at, ['-40', '150', '200']);
  });

  it('are found by the place that is asked about', async () => {
    calibrate('old', '2025-02-01', [-40, 0, 50, 100, 150, 200]);
    calibrate('new', '2025-03-01', [0, 50, 100]);
    for (const [value, report] of [
      [50, 'new'],
      [101, 'new'],
      [120, 'old'],
      [-40, 'old'],
      [200, 'old'],
    ] as const) {
      const { status, edges, reason } = await hierarchy.trace('probe', { at: { value } });
      assert.deepEqual([status, edges[0]?.report], ['TRACEABLE', `lab-alpha/${report}`], reason);
    }
    assert.match(await outcome({ at: { value: 400 } }), /^INCOMPLETE: Report lab-alpha\/new gives nothing at 400/);
  });

  it('are those only that say something of their own: another one at the same places is not read', async () => {
    calibrate('old', '2025-02-01', [0.1, 49.8, 100.5]);
    calibrate('new', '2025-03-01', [0, 50, 100]);
    hierarchy.changeReportJws('old', (jws) => ({ ...jws, signatures: [] }));
    assert.deepEqual(await given(), ['lab-alpha/new 0..100 TRACEABLE']);
    assert.match(await outcome(), /^TRACEABLE/);
  });

  it('include the newest after it has fallen, and no older one takes its place', async () => {
    calibrate('old', '2025-02-01', [-40, 0, 50, 100, 150]);
    calibrate('new', '2025-03-01', [0, 50, 100]);
    hierarchy.addStatement('revocation', ['report', 'new']);
    assert.match(await outcome(), /^FAILED: Report lab-alpha\/new is revoked/);
    assert.match(await outcome({ at: { value: 50 } }), /^FAILED: Report lab-alpha\/new is revoked/);
    assert.match(await outcome({ at: { value: 140 } }), /^TRACEABLE/);
  });

  it('include an older one that has fallen, at its own places', async () => {
    calibrate('old', '2025-02-01', [-40, 0, 50, 100, 150]);
    calibrate('new', '2025-03-01', [0, 50, 100]);
    hierarchy.addStatement('revocation', ['report', 'old']);
    assert.match(await outcome(), /^FAILED: Report lab-alpha\/old is revoked/);
    assert.match(await outcome({ at: { value: 50 } }), /^TRACEABLE/);
  });

  it('are none that were made before the device was adjusted or repaired', async () => {
    calibrate('old', '2025-02-01', [-40, 0, 50, 100, 150]);
    calibrate('new', '2025-03-01', [0, 50, 100], { stated: { adjusted: true } });
    assert.match(await outcome(), /^TRACEABLE/);
    assert.deepEqual(await given(), ['lab-alpha/new 0..100 TRACEABLE']);
    assert.match(await outcome({ at: { value: 140 } }), /^INCOMPLETE: Report lab-alpha\/new gives nothing at 140/);
    assert.deepEqual(await notes(), [
      'note: Report lab-alpha/old gives temperature at places of which newer reports say nothing, but does not count there: the device was adjusted or repaired since.',
    ]);
  });

  it('are none from before an adjustment, whichever its owner accepted last', async () => {
    calibrate('new', '2025-03-01', [0, 50, 100], { stated: { adjusted: true } });
    calibrate('old', '2025-02-01', [-40, 0, 50, 100, 150], { registered: '2025-03-10T00:00:00Z' });
    assert.deepEqual(await given(), ['lab-alpha/new 0..100 TRACEABLE']);
  });

  it('are all of one day that were made after the same adjustment', async () => {
    const adjusted = { stated: { adjusted: true } } as const;
    calibrate('mass', '2025-03-01', [], { results: [massResult(0.1)], ...adjusted });
    calibrate('new', '2025-03-01', [0, 50, 100], adjusted);
    const reports = (await given()).map((each) => each.split(' ')[0]);
    assert.deepEqual(reports.sort(), ['lab-alpha/mass', 'lab-alpha/new']);
    assert.deepEqual(await notes(), []);
  });

  it('are not ended by an adjustment of which their own amendment tells', async () => {
    const both = [temperatureResult(U, [0, 50, 100]), massResult(0.1)];
    calibrate('old', '2025-02-01', [], { results: both });
    const amendment = { supersedes: 'old', registered: '2025-03-01T00:00:00Z', stated: { adjusted: true } } as const;
    calibrate('new', '2025-02-01', [0, 50, 100], amendment);
    assert.deepEqual(await notes(), []);
    assert.doesNotMatch(await outcome(), /^TRACEABLE/, 'what the amendment left out is not hidden');
  });

  it('are none of another kind of quantity from before a repair, and their absence is said', async () => {
    calibrate('mass', '2025-02-01', [], { results: [massResult(0.1)], technician: 't-lab-alpha' });
    calibrate('new', '2025-03-01', [0, 50, 100], { stated: { adjusted: true } });
    assert.deepEqual(await given(), ['lab-alpha/new 0..100 TRACEABLE']);
    assert.match(await outcome({ quantity: 'mass' }), /^INCOMPLETE/);
    assert.match((await notes({ quantity: 'mass' })).join('\n'), /lab-alpha\/mass gives mass .* adjusted or repaired/);
  });

  it('count beside a newer one until their recalibration is due, which is told where they are asked about', async () => {
    calibrate('old', '2025-02-01', [-40, 0, 50, 100, 150]);
    calibrate('new', '2025-12-01', [0, 50, 100]);
    hierarchy.setInterval('probe', 100, { registered: '2025-12-02T00:00:00Z' });
    assert.match(await outcome(), /^TRACEABLE/);
    assert.deepEqual(await given(), ['lab-alpha/new 0..100 TRACEABLE']);
    assert.match((await notes()).join(), /lab-alpha\/old gives temperature .* its recalibration is overdue\.$/);
    assert.match(await outcome({ at: { value: 140 } }), /^FAILED: The recalibration of oem-a\/probe was due/);
  });

  it('count beside a newer one until their owner rejects them', async () => {
    calibrate('old', '2025-02-01', [-40, 0, 50, 100, 150]);
    calibrate('new', '2025-03-01', [0, 50, 100]);
    hierarchy.reject('old', { registered: '2025-03-02T00:00:00Z' });
    assert.match(await outcome(), /^TRACEABLE/);
    assert.match((await notes()).join(), /its owner has rejected it\.$/);
    assert.match(await outcome({ at: { value: 140 } }), /^FAILED: .* has rejected report lab-alpha\/old\.$/);
  });

  it('say nothing of what an amendment left out, nor does an older one', async () => {
    calibrate('oldest', '2025-01-20', [-40, 0, 50, 100, 150, 200]);
    calibrate('old', '2025-02-01', [0, 50, 100, 150]);
    calibrate('new', '2025-02-01', [0, 50, 100], { supersedes: 'old', registered: '2025-03-01T00:00:00Z' });
    assert.deepEqual(await given(), ['lab-alpha/new 0..100 TRACEABLE', 'lab-alpha/oldest -40..200 TRACEABLE']);
    assert.match(await outcome({ at: { value: 150 } }), /^INCOMPLETE: Report lab-alpha\/new gives nothing at 150/);
    assert.match(await outcome({ at: { value: 200 } }), /^TRACEABLE/);
  });

  it('are told apart by the words of their settings, and by their arguments', async () => {
    const channel: Argument = { name: 'Channel', role: 'setting' };
    const depth: Argument = { name: 'depth', role: 'physical', quantity: 'length', unit: '\\metre' };
    const at = (all: readonly (readonly [string, number])[]): readonly Result[] => {
      const [row] = temperatureResult(U, [20]).rows;
      const rows = all.map((place) => ({ ...row!, at: place }));
      return [{ ...temperatureResult(U), arguments: [channel, depth], rows }];
    };
    calibrate('old', '2025-02-01', [], {
      results: at([
        ['A', 0.1],
        ['A', 0.5],
        ['B', 0.1],
      ]),
    });
    calibrate('new', '2025-03-01', [], { results: at([['A', 0.1]]) });
    const { edges } = await hierarchy.trace('probe', { explain: true });
    const old = edges.find(({ report }) => report === 'lab-alpha/old')?.compared ?? [];
    const places = old.flatMap((sentence) => /^support: .* at (20 °C, .*?): /.exec(sentence)?.[1] ?? []);
    assert.deepEqual(places, ['20 °C, Channel A, depth 0.5 m', '20 °C, Channel B, depth 0.1 m']);
  });

  it('are replaced within 2 % of an argument, also if the newer report has a further one', async () => {
    const depth: Argument = { name: 'depth', role: 'physical', quantity: 'length', unit: '\\metre' };
    const [row] = temperatureResult(U, [20]).rows;
    const at = (...depths: readonly number[]): readonly Result[] => [
      { ...temperatureResult(U), arguments: [depth], rows: depths.map((each) => ({ ...row!, at: [each] })) },
    ];
    calibrate('old', '2025-02-01', [], { results: at(0.1035) });
    calibrate('new', '2025-03-01', [], { results: at(0.1, 0.102) });
    const { edges } = await hierarchy.trace('probe', { explain: true });
    assert.ok(edges.every(({ report }) => report !== 'lab-alpha/old'));
  });

  it('are one place within 2 K, in whatever unit: not within a part of the kelvins', async () => {
    for (const [unit, zero] of [
      ['\\degreecelsius', 0],
      ['\\kelvin', 273.15],
    ] as const) {
      const ambient: Argument = { name: 'Ambient', role: 'physical', quantity: 'temperature', unit };
      const table = (at: number): Result => ({
        ...temperatureResult(U, [50]),
        arguments: [ambient],
        rows: temperatureResult(U, [50]).rows.map((row) => ({ ...row, at: [at + zero] })),
      });
      const [name, day] = zero === 0 ? ['c', '1'] : ['k', '2'];
      calibrate(`${name}-old`, `2025-0${day}-12`, [], { results: [table(20)] });
      calibrate(`${name}-near`, `2025-0${day}-13`, [], { results: [table(21.9)] });
      calibrate(`${name}-new`, `2025-0${day}-14`, [], { results: [table(25)] });
      const found = async (at: number) => {
        const { edges, reason } = await hierarchy.trace('probe', {
          at: { arguments: [{ name: 'Ambient', value: at + zero }] },
        });
        return edges[0]?.report ?? reason;
      };
      assert.equal(await found(25), `lab-alpha/${name}-new`);
      assert.equal(await found(20), `lab-alpha/${name}-near`);
      assert.equal((await given()).length, 2);
    }
  });

  it('are never skipped: one that gives only what was found before an adjustment is INCOMPLETE', async () => {
    calibrate('old', '2025-02-01', [0, 50, 100]);
    calibrate('found', '2025-03-01', [], { results: [{ ...temperatureResult(U, [0, 50, 100]), asFound: true }] });
    assert.match(await outcome(), /^INCOMPLETE/);
  });

  it('are never skipped: what cannot be read of an older one may say something', async () => {
    const values = [0, 50, 100];
    calibrate('old', '2025-02-01', [], { results: [temperatureResult(U, [...values, 101]), massResult(0.1, [1, 2])] });
    calibrate('new', '2025-03-01', values);
    const read = hierarchy.resultsOfReports.get('lab-alpha/old') ?? new Map<string, readonly Result[]>();
    hierarchy.resultsOfReports.set('lab-alpha/old', new Map([...read].filter(([kind]) => kind !== 'mass')));
    assert.doesNotMatch(await outcome(), /^TRACEABLE/);
  });

  it('fail where their owner has accepted other extents than they have', async () => {
    calibrate('old', '2025-02-01', [-40, 0, 50, 100, 150]);
    calibrate('new', '2025-03-01', [0, 50, 100], { accepted: false });
    const [own] = hierarchy.acceptanceOf('new').results;
    const [extent] = own?.extents ?? [];
    hierarchy.accept('new', { changes: { results: [{ ...own!, extents: [{ ...extent!, max: 10 }] }] } });
    assert.match(await outcome(), /^FAILED: The owner of device oem-a\/probe has accepted another report under the id/);
  });
});
