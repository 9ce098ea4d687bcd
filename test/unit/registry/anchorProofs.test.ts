import assert from 'node:assert/strict';
import { twoCountries } from '../../support/hierarchy.js';
import { ask, refuses, registryOf, RELAY } from '../../support/registry.js';

const ROOT = 'ab'.repeat(32);

describe('Anchored proofs of the registry', () => {
  it('are one key of their own kind, without an event, and change no answer', async () => {
    const ledger = await registryOf(await twoCountries());
    const trace = () => ask(ledger, 'traceCal', 'oem-a/sensor-a', '{"asOf":"2025-12-31"}');
    const before = await trace();
    const { event } = await ledger.submit(RELAY, 'anchorProofs', ROOT);
    assert.equal(event, undefined);
    assert.deepEqual(await trace(), before);
    await ledger.submit(RELAY, 'anchorProofs', ROOT);
    assert.deepEqual(await trace(), before);
  });

  it('are a root and nothing else', async () => {
    const ledger = await registryOf(await twoCountries());
    for (const root of ['', 'ab', ROOT.toUpperCase(), `${ROOT}00`, '../device']) {
      await refuses(ledger.submit(RELAY, 'anchorProofs', root), 'INPUT_INVALID', /anchored by a Merkle root/);
    }
  });
});
