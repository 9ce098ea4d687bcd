import assert from 'node:assert/strict';
import type { Result } from '@tracecal/core/model';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';

/** Temperature with an error of indication, and limits of 0.05 °C for it. */
function found(error: number, more: Partial<Result> = {}): Result {
  const result = temperatureResult(0.01);
  const limits = { kind: 'tolerance', lower: [-0.05, -0.05, -0.05], upper: [0.05, 0.05, 0.05] } as const;
  const rows = result.rows.map((row) => ({ ...row, error }));
  return { ...result, name: 'As found', asFound: true, rows, conformity: { of: 'error', limits }, ...more };
}

describe('A standard that its next calibration found out of its limits', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    await hierarchy.addDevice({ id: 'bench', technician: 't-oem-a' });
    calibrate('bench-r1', '2025-02-01');
    const child = { device: 'sensor-a', technician: 't-oem-a', parents: ['bench-r1'], performed: '2025-03-01' };
    hierarchy.addReport({ ...child, id: 'next', results: [temperatureResult(0.1)] });
  });

  function calibrate(id: string, performed: string, ...more: readonly Result[]): void {
    hierarchy.addReport(calibration(id, performed, more));
  }

  function calibration(id: string, performed: string, more: readonly Result[]): ReportSpec {
    const bench = { device: 'bench', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    return { ...bench, id, performed, results: [temperatureResult(0.01), ...more] };
  }

  const amend = (error: number) =>
    hierarchy.addReport({ ...calibration('bench-r2-a1', '2025-04-01', [found(error)]), supersedes: 'bench-r2' });

  const said = async () => {
    const { status, edges } = await hierarchy.trace('sensor-a');
    const notes = edges.flatMap(({ findings }) => findings.filter(({ check }) => check === 'as-found'));
    return [status, ...notes.map(({ outcome, reason }) => `${outcome}: ${reason}`)];
  };

  const NOTE =
    'note: Report lab-alpha/bench-r2 of 2025-04-01 found standard oem-a/bench out of its limits, after it had been used for report oem-a/next: ';

  it('is noted with what was made with it since the calibration before, and fails nothing', async () => {
    calibrate('bench-r2', '2025-04-01', found(0.2));
    assert.deepEqual(await said(), [
      'TRACEABLE',
      `${NOTE}oem-a has to review it (\`tracecal review\`; ISO/IEC 17025, 7.10).`,
    ]);
  });

  it('is noted where its certificate states a fail', async () => {
    calibrate('bench-r2', '2025-04-01', found(0, { conformity: { of: 'error', overall: 'fail' } }));
    assert.equal((await said()).length, 2);
  });

  it('is not noted where it may have been within its limits', async () => {
    calibrate('bench-r2', '2025-04-01', found(0.055));
    assert.deepEqual(await said(), ['TRACEABLE']);
  });

  it('is noted by what an amendment says in the place of the report', async () => {
    calibrate('bench-r2', '2025-04-01', found(0.2));
    amend(0.01);
    assert.deepEqual(await said(), ['TRACEABLE']);
  });

  it('is noted where only an amendment says so', async () => {
    calibrate('bench-r2', '2025-04-01', found(0.01));
    amend(0.2);
    assert.match((await said())[1] ?? '', /^note: Report lab-alpha\/bench-r2-a1 of 2025-04-01 found standard/);
  });

  it('is unmet where its owner wants no such note', async () => {
    calibrate('bench-r2', '2025-04-01', found(0.2));
    hierarchy.require('oem-a', { strict: ['as-found'] }, { registered: '2024-12-02T00:00:00Z' });
    const { requirements } = await hierarchy.trace('sensor-a');
    assert.match(requirements?.unmet[0]?.reason ?? '', /found standard oem-a\/bench out of its limits/);
  });

  it('is not noted with what was made before a calibration that found it sound', async () => {
    calibrate('bench-r2', '2025-04-01', found(0.01));
    calibrate('bench-r3', '2025-05-01', found(0.2));
    assert.deepEqual(await said(), ['TRACEABLE']);
  });

  describe('is noted all the same after a calibration in between', () => {
    const between = (spec: Partial<ReportSpec>) => {
      calibrate('bench-r2', '2025-04-01', found(0.2));
      hierarchy.addReport({ ...calibration('filler', '2025-03-15', []), technician: 't-oem-a', ...spec });
      hierarchy.accept('bench-r2');
    };
    const isNoted = async () => ((await said())[1] ?? '').startsWith(NOTE);

    it('of its owner that rests on nothing', async () => {
      between({ parents: [] });
      assert.ok(await isNoted());
    });

    it('that rests on nothing and says that it was within its limits', async () => {
      between({ parents: [], results: [temperatureResult(0.01), found(0.01)] });
      assert.ok(await isNoted());
    });

    it('that stands but does not say how it was found', async () => {
      between({ technician: 't-lab-alpha', results: [temperatureResult(0.01)] });
      assert.ok(await isNoted());
    });

    it('for an asker who does not trust the institute above whoever found it sound', async () => {
      const roots = [hierarchy.holder('organisation', 'nmi-north').certificateSha256];
      const results = [temperatureResult(0.01), found(0.01)];
      between({ technician: 't-lab-beta', parents: ['reference-b-r1'], results });
      const notes = async (options = {}) => {
        const { status, edges } = await hierarchy.trace('sensor-a', options);
        const all = edges.flatMap(({ findings }) => findings.filter(({ check }) => check === 'as-found'));
        return [status, all.length];
      };
      assert.deepEqual(await notes(), ['TRACEABLE', 0]);
      assert.deepEqual(await notes({ roots }), ['TRACEABLE', 1]);
    });

    it('but not after one that stands and found it sound', async () => {
      const results = [temperatureResult(0.01), found(0.01)];
      between({ technician: 't-lab-alpha', results });
      assert.deepEqual(await said(), ['TRACEABLE']);
    });
  });

  it('is noted with what its laboratory says after a review', async () => {
    calibrate('bench-r2', '2025-04-01', found(0.2));
    hierarchy.review('oem-a', 'bench-r2', ['next'], { reason: 'used at 0 °C only' });
    const [status, note = ''] = await said();
    assert.equal(status, 'TRACEABLE');
    assert.ok(note.startsWith(`${NOTE}oem-a has reviewed it (statement 1, registered on `), note);
    assert.match(note, /and says that it stands, for this reason: "used at 0 °C only"\.$/);
  });

  it('is noted with the newest review, whatever was said before', async () => {
    calibrate('bench-r2', '2025-04-01', found(0.2));
    hierarchy.review('oem-a', 'bench-r2', ['next']);
    hierarchy.review('oem-a', 'bench-r2', ['next'], { reason: 'used at 0 °C only' });
    assert.match((await said())[1] ?? '', /\(statement 2, .* for this reason: "used at 0 °C only"\.$/);
  });
});

describe('A device whose only results are as found', () => {
  it('is told so, and what makes them count', async () => {
    const hierarchy = await twoCountries();
    const next = { id: 'next', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
    hierarchy.addReport({ ...next, performed: '2025-06-01', results: [found(0.01)] });
    const { status, reason } = await hierarchy.trace('sensor-a');
    assert.equal(status, 'INCOMPLETE');
    assert.match(
      reason,
      /^Report oem-a\/next gives temperature only as found before an adjustment, and nothing can rest on that: /,
    );
  });
});
