import assert from 'node:assert/strict';
import type { Result } from '@tracecal/core/model';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';

/** Temperature at 0, 20 and 100 °C with an error of indication at each. */
function withErrors(expanded: number, error: number): Result {
  const result = temperatureResult(expanded);
  return { ...result, rows: result.rows.map((row) => ({ ...row, error })) };
}

describe('A result that depends on an amended report', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    await hierarchy.addDevice({ id: 'bench', technician: 't-oem-a' });
    const bench = { device: 'bench', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    hierarchy.addReport({ ...bench, id: 'bench-r1', performed: '2025-02-01', results: [withErrors(0.02, 0.01)] });
    const child = { device: 'sensor-a', technician: 't-oem-a', parents: ['bench-r1'], performed: '2025-03-01' };
    hierarchy.addReport({ ...child, id: 'next', results: [withErrors(0.1, 0.2)] });
  });

  const amend = (results: readonly Result[]) => {
    const bench = { device: 'bench', technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-02-01' };
    hierarchy.addReport({
      ...bench,
      id: 'bench-r2',
      supersedes: 'bench-r1',
      registered: '2025-03-10T00:00:00Z',
      results,
    });
  };

  const outcome = async () => {
    const { status, reason } = await hierarchy.trace('sensor-a');
    return `${status}: ${reason}`;
  };

  /** Whatever heads the answer: the amendment is named as a reason. */
  const lacksByAmendment = async (why: RegExp) => {
    const { status, edges } = await hierarchy.trace('sensor-a');
    const said = edges.flatMap(({ findings }) => findings.filter(({ check }) => check === 'amendment'));
    assert.equal(status, 'INCOMPLETE');
    assert.ok(
      said.some(({ outcome: what, reason }) => what === 'missing' && why.test(reason)),
      said.map(({ reason }) => reason).join('\n'),
    );
  };

  it('stays TRACEABLE after an administrative amendment', async () => {
    amend([withErrors(0.02, 0.01)]);
    assert.match(await outcome(), /^TRACEABLE/);
  });

  it('stays TRACEABLE where the value moved by less than a fifth of its uncertainty', async () => {
    amend([withErrors(0.02, 0.015)]);
    assert.match(await outcome(), /^TRACEABLE/);
  });

  it('is INCOMPLETE where the value moved by more, and says what to do', async () => {
    amend([withErrors(0.02, 0.05)]);
    assert.match(
      await outcome(),
      /^INCOMPLETE: Report oem-a\/next, Temperature at 0 °C: report lab-alpha\/bench-r1 was amended by lab-alpha\/bench-r2, and that moves this value by .*`tracecal review`/,
    );
  });

  it('fails where the uncertainty grew so that it no longer supports the result', async () => {
    amend([withErrors(0.2, 0.01)]);
    assert.match(
      await outcome(),
      /^FAILED: .*next, Temperature at 0 °C: u = 0.05 °C is smaller than the references allow/,
    );
  });

  it('is INCOMPLETE where the values moved, though the stated error stays the same', async () => {
    const result = withErrors(0.02, 0.01);
    amend([{ ...result, rows: result.rows.map((row) => ({ ...row, value: (row.value ?? 0) + 0.05 })) }]);
    assert.match(await outcome(), /^INCOMPLETE: .*that moves this value by/);
  });

  it('is INCOMPLETE where a row moved to another name, with another error', async () => {
    const [first, second, third] = withErrors(0.02, 0.01).rows;
    amend([
      { ...withErrors(0.02, 0.01), rows: [first!, third!] },
      { ...withErrors(0.02, 0.01), name: 'Another', rows: [{ ...second!, error: 0.06 }] },
    ]);
    assert.match(await outcome(), /^INCOMPLETE: .*Temperature at 20 °C: .*that moves this value by/);
  });

  it('stays TRACEABLE where rows only moved to another name', async () => {
    const [first, second, third] = withErrors(0.02, 0.01).rows;
    amend([
      { ...withErrors(0.02, 0.01), rows: [first!, third!] },
      { ...withErrors(0.02, 0.01), name: 'Another', rows: [second!] },
    ]);
    assert.match(await outcome(), /^TRACEABLE/);
  });

  it('is INCOMPLETE where a row that it used is gone', async () => {
    const [first, , third] = withErrors(0.02, 0.01).rows;
    amend([{ ...withErrors(0.02, 0.01), rows: [first!, third!] }]);
    assert.match(await outcome(), /^INCOMPLETE: .*Temperature at 20 °C: .*no longer covers it/);
  });

  it('is INCOMPLETE where the amended one no longer covers it', async () => {
    amend([{ ...withErrors(0.02, 0.01), rows: withErrors(0.02, 0.01).rows.slice(0, 2) }]);
    await lacksByAmendment(/Temperature at 100 °C: .*no longer covers it/);
  });

  it('is INCOMPLETE where the same numbers are in another unit', async () => {
    amend([{ ...withErrors(0.02, 0.01), unit: '\\kelvin' }]);
    await lacksByAmendment(/its laboratory has to review it/);
  });

  it('is INCOMPLETE where the amended one states other arguments', async () => {
    const result = withErrors(0.02, 0.01);
    const depth = { name: 'depth', role: 'physical', quantity: 'length', unit: '\\metre' } as const;
    amend([{ ...result, arguments: [depth], rows: result.rows.map((row) => ({ ...row, at: [0.1] })) }]);
    await lacksByAmendment(/its laboratory has to review it/);
  });

  describe('that its laboratory has reviewed', () => {
    beforeEach(() => {
      amend([withErrors(0.02, 0.05)]);
    });

    it('is TRACEABLE again, and the verdict tells by which word, with the numbers', async () => {
      hierarchy.review('oem-a', 'bench-r2', ['next'], { reason: 'the correction was not applied' });
      assert.match(await outcome(), /^TRACEABLE/);
      const { edges } = await hierarchy.trace('sensor-a');
      const notes = edges.flatMap(({ findings }) => findings.map(({ reason }) => reason));
      assert.match(
        notes.join('\n'),
        /Temperature at 0 °C: report lab-alpha\/bench-r1 was amended by lab-alpha\/bench-r2, and that moves this value by up to 0\.04 °C, where more than 0\.01 °C matters; oem-a has reviewed it \(statement 1, registered on .*\) and says that it stands, for this reason: "the correction was not applied"\./,
      );
    });

    it('stays INCOMPLETE where the review is somebody else’s', async () => {
      hierarchy.review('lab-alpha', 'bench-r2', ['next']);
      assert.match(await outcome(), /^INCOMPLETE/);
    });

    it('stays INCOMPLETE where the review names other reports', async () => {
      hierarchy.review('oem-a', 'bench-r2', ['sensor-a-r1']);
      assert.match(await outcome(), /^INCOMPLETE/);
    });
  });
});
