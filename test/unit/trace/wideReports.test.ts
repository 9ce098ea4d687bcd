import assert from 'node:assert/strict';
import type { Result } from '@tracecal/core/model';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { resultOf, Workshop } from '../../support/workshop.js';

const RESULTS = 64;
const ROWS = 1024;
const VALUES = Array.from({ length: ROWS }, (_, row) => (100 * row) / (ROWS - 1));

/** Results of as many rows as a result may have, from 0 to 100. */
function results(count: number, expanded: number): readonly Result[] {
  return Array.from({ length: count }, (_, place) => ({
    ...temperatureResult(expanded, VALUES),
    name: `channel ${place + 1}`,
  }));
}

describe('A report of 64 results of 1,024 rows', () => {
  let hierarchy: Hierarchy;
  before(async () => {
    hierarchy = await twoCountries();
  });

  /** A device of the sensor maker on the standards of others. */
  const device = async (id: string, parents: readonly string[], given: readonly Result[]): Promise<void> => {
    await hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'field' });
    const report = { id: `${id}-r`, device: id, technician: 't-oem-a', parents, performed: '2025-12-10' };
    hierarchy.addReport({ ...report, results: given });
  };
  /** A standard of the sensor maker. */
  const standard = async (id: string, given: readonly Result[]): Promise<void> => {
    await hierarchy.addDevice({ id, technician: 't-oem-a' });
    const report = { id: `${id}-r`, device: id, technician: 't-oem-a', parents: ['working-a-r1'] };
    hierarchy.addReport({ ...report, performed: '2025-12-09', results: given });
  };
  const outcome = async (id: string, question: Readonly<Record<string, unknown>> = {}) => {
    const { status, reason } = await hierarchy.trace(id, question);
    return `${status}: ${reason}`;
  };

  it('traces to a standard of a few points', async () => {
    await device('wide', ['working-a-r1'], results(RESULTS, 1));
    assert.match(await outcome('wide'), /^TRACEABLE/);
  });

  it('of one kind asks for one value of it, if its standard has as many rows, and traces there', async () => {
    await standard('long', results(1, 0.9));
    await device('long-wide', ['long-r'], results(RESULTS, 1));
    assert.match(
      await outcome('long-wide'),
      /^INCOMPLETE: Report oem-a\/long-wide-r and its parents have more results than one trace compares: ask about one value of temperature \(--at 0\)\.$/,
    );
    assert.match(await outcome('long-wide', { at: { value: 0 } }), /^TRACEABLE/);
  });

  it('of several kinds asks for one of them, and traces for it', async () => {
    const workshop = await Workshop.open();
    const kinds = ['dc-voltage', 'dc-current', 'resistance', 'mass'] as const;
    const of = (kind: (typeof kinds)[number], u: number) =>
      resultOf(
        kind,
        VALUES.map((value) => [value + 1, u]),
      );
    const report = await workshop.standard('several', ...kinds.map((kind) => of(kind, 0.001)));
    const given = Array.from({ length: RESULTS }, (_, place) => of(kinds[place % kinds.length]!, 0.1));
    await workshop.device('wide', { parents: [report], results: given });
    assert.match(
      await workshop.outcome('wide'),
      /^INCOMPLETE: .* ask about one kind of quantity \(--quantity [a-z-]+\)\.$/,
    );
    assert.match(await workshop.outcome('wide', { quantity: 'dc-voltage' }), /^TRACEABLE/);
  });

  it('is not passed for a value by what other values hold', async () => {
    const given = results(1, 1).map((result) => ({
      ...result,
      rows: result.rows.map((row, place) =>
        place < 2 ? row : { ...row, uncertainty: { ...row.uncertainty!, expanded: 1e-6 } },
      ),
    }));
    await device('half', ['working-a-r1'], given);
    assert.match(await outcome('half', { at: { value: 0 } }), /^TRACEABLE/);
    assert.match(await outcome('half', { at: { value: 50 } }), /^FAILED/);
  });
});
