import assert from 'node:assert/strict';
import type { Verdict } from '@tracecal/core/trace';
import { massScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, registryOf, replay, submit } from '../../support/registry.js';

describe('A chaincode process that traces through large records', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  /** Lengths of the records above 10 kB that a trace has to read out of JSON, when it was asked for once before. */
  const readAgain = async (): Promise<readonly number[]> => {
    const before = await ledger.evaluate('traceCal', 'oem-a/sensor-a', '{}');
    const lengths: number[] = [];
    const { parse } = JSON;
    JSON.parse = (...args: Parameters<typeof parse>): unknown => {
      lengths.push(args[0].length);
      return parse(...args) as unknown;
    };
    try {
      assert.equal(await ledger.evaluate('traceCal', 'oem-a/sensor-a', '{}'), before);
    } finally {
      JSON.parse = parse;
    }
    return lengths.filter((length) => length > 10_000);
  };
  const longestRecord = () => Math.max(...Array.from(ledger.state.values(), ({ length }) => length));

  it('remembers the registry of twenty institutes', async () => {
    const from = hierarchy.steps.length;
    for (let count = 4; count <= 20; count += 1) {
      const id = `nmi-${count}`;
      await hierarchy.addOrganisation({ id, kind: 'NMI', scopes: [], registered: ledger.now });
    }
    await replay(hierarchy, ledger, from);
    assert.ok(longestRecord() > 18_000);
    assert.deepEqual(await readAgain(), []);
  });

  it('remembers a laboratory with 512 lines of accreditation', async () => {
    const lines = Array.from({ length: 64 }, () => massScope());
    for (let count = 0; count < 7; count += 1) {
      await submit(ledger, hierarchy.accredit('lab-alpha', lines));
    }
    assert.ok(longestRecord() > 60_000);
    assert.deepEqual(await readAgain(), []);
    assert.equal((await ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', '{}')).status, 'TRACEABLE');
  });
});
