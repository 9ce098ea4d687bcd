import assert from 'node:assert/strict';
import type { Result } from '@tracecal/core/model';
import { temperatureResult } from '../../support/hierarchy.js';
import { resultOf, Workshop } from '../../support/workshop.js';

/** A room thermometer that reads too much by this. */
function thermometerResult(error: number): Result {
  const result = temperatureResult(0.02);
  return { ...result, rows: result.rows.map((row) => ({ ...row, error })) };
}

describe('The sentence that heads a verdict', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
    const { hierarchy } = workshop;
    const weight = await workshop.standard('weight', resultOf('mass', [[1, 1e-6]]));
    const thermometer = { device: 'room', technician: 'all-oem-a', parents: ['working-a-r1'], performed: '2025-02-01' };
    await hierarchy.addDevice({ id: 'room', technician: 't-oem-a' });
    hierarchy.addReport({ ...thermometer, id: 'room-r1', results: [thermometerResult(0)] });
    const results = [resultOf('mass', [[1, 1e-5]])];
    await workshop.device('compared', { parents: [weight, 'room-r1'], results });
    await workshop.device('alone', { parents: ['room-r1'], results });
    const amended = { id: 'room-r2', supersedes: 'room-r1', registered: '2025-07-01T00:00:00Z' };
    hierarchy.addReport({ ...thermometer, ...amended, results: [thermometerResult(0.5)] });
  });

  it('says what a weighing lacks itself before what happened to the thermometer of its room', async () => {
    assert.match(
      await workshop.outcome('alone'),
      /^INCOMPLETE: Report oem-a\/alone-r, mass: No source of this kind of quantity supports the result\./,
    );
    const said = await workshop.said('alone');
    assert.ok(said.some((each) => each.includes('report oem-a/room-r1 was amended by oem-a/room-r2')));
  });

  it('names the result that an amendment concerns', async () => {
    assert.match(
      await workshop.outcome('compared'),
      /^INCOMPLETE: Report oem-a\/compared-r, mass at 1 kg: report oem-a\/room-r1 was amended by oem-a\/room-r2/,
    );
  });

  it('calls nothing paper that is on the ledger', async () => {
    const said = await workshop.said('compared');
    assert.ok(
      said.some((each) => each.includes("room-r1 measured an influence, and rests on somebody's word.")),
      said.join('\n'),
    );
  });
});
