import assert from 'node:assert/strict';

/** Equal to a published figure as far as that has digits. */
export function near(actual: number | undefined, published: number, halfDigit: number): void {
  assert.ok(
    actual !== undefined && Math.abs(actual - published) <= halfDigit,
    `${actual} is not ${published} within ${halfDigit}`,
  );
}
