import assert from 'node:assert/strict';
import { resultOf, Workshop } from '../../support/workshop.js';

describe('A row at zero, which needs no reference', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  /** A standard with a zero of nearly no uncertainty, and a device at some volts that rests on it. */
  async function restingOnZero(
    covered: readonly (readonly [number, number])[],
    volts: number,
    u: number,
    zero = 1e-30,
  ): Promise<string> {
    const reference = await workshop.standard('ref', resultOf('dc-voltage', covered));
    const rows = [[0, zero], [5, 1e-6], [10, 1e-6]] as const; // prettier-ignore
    await workshop.hierarchy.addDevice({ id: 'c', technician: 't-oem-a' });
    const report = { id: 'c-r', device: 'c', technician: 'all-oem-a', performed: '2025-03-01', parents: [reference] };
    workshop.hierarchy.addReport({ ...report, results: [resultOf('dc-voltage', rows)] });
    await workshop.device('d', { parents: ['c-r'], results: [resultOf('dc-voltage', [[volts, u]])] });
    return workshop.outcome('d');
  }

  const TO_ZERO = [[0, 1e-6], [10, 1e-6]] as const; // prettier-ignore
  const FROM_ONE = [[1, 1e-6], [10, 1e-6]] as const; // prettier-ignore

  it('does not make the values beside it better than the reference at zero', async () => {
    assert.match(await restingOnZero(TO_ZERO, 0.001, 2.2e-10), /^FAILED: .* is smaller than the references allow/);
  });

  it('counts with the uncertainty of the reference at zero', async () => {
    assert.match(await restingOnZero(TO_ZERO, 0.001, 1e-6), /^TRACEABLE/);
  });

  it('says nothing about other values where no reference was calibrated at zero', async () => {
    assert.match(
      await restingOnZero(FROM_ONE, 0.001, 1e-6),
      /^INCOMPLETE: .* No reference was calibrated at this place/,
    );
  });

  it('leaves the other rows of its result as they are', async () => {
    assert.match(await restingOnZero(FROM_ONE, 7, 1e-6), /^TRACEABLE/);
  });

  it('stays a zero itself, for any stated uncertainty', async () => {
    await restingOnZero(FROM_ONE, 7, 1e-6);
    assert.match(await workshop.outcome('c'), /^TRACEABLE/);
  });
});
