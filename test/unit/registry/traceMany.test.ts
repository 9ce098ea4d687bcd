import assert from 'node:assert/strict';
import type { OrganisationSummary, TraceSummaries } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, callerOf, refuses, registryOf, submit } from '../../support/registry.js';

describe('Traces of many devices at once', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const many = (...devices: readonly string[]) => ask<TraceSummaries>(ledger, 'traceMany', { devices });

  it('say of each what its own trace says, in the order of the question', async () => {
    await submit(ledger, hierarchy.addStatement('suspension', ['device', 'working-b'], { author: 'lab-beta' }));
    const devices = ['oem-b/sensor-b', 'oem-b/ghost', 'nmi-north/primary-a', 'oem-a/sensor-a'];
    const { results, asOf } = await many(...devices);
    assert.deepEqual(
      results.map(({ device }) => device),
      devices,
    );
    for (const { device, status, report } of results) {
      const verdict = await ask<Verdict>(ledger, 'traceCal', device, { asOf });
      assert.deepEqual([status, report], [verdict.status, verdict.edges[0]?.report ?? null]);
    }
    assert.deepEqual(
      results.map(({ check }) => check),
      ['standing', 'registered', null, null],
    );
  });

  it('name every report that they rest on by its digest, each once', async () => {
    const { digests, results } = await many('oem-a/sensor-a', 'oem-a/working-a');
    const chain = ['sensor-a-r1', 'working-a-r1', 'reference-a-r1', 'primary-a-r1'];
    assert.deepEqual(
      digests,
      chain.map((id) => hierarchy.digestOf(id)),
    );
    assert.deepEqual(
      results.map(({ reports }) => reports),
      [
        [0, 1, 2, 3],
        [1, 2, 3],
      ],
    );
  });

  it('read a record once, however many devices rest on it', async () => {
    const question = JSON.stringify({ devices: ['oem-a/sensor-a', 'oem-a/working-a', 'lab-alpha/reference-a'] });
    const { reads } = await ledger.simulate(callerOf('oem-a'), 'traceMany', question);
    assert.equal(new Set(reads).size, reads.length);
  });

  it('come with what the registry knows of an MSP, for those who ask who is asking', async () => {
    const organisations = await ask<readonly OrganisationSummary[]>(ledger, 'getOrganisationsOfMsp', 'OemAMSP');
    assert.deepEqual(organisations, [{ id: 'oem-a', kind: 'OEM', impediment: null }]);
    assert.deepEqual(await ask(ledger, 'getOrganisationsOfMsp', 'NobodyMSP'), []);
    await refuses(ask(ledger, 'getOrganisationsOfMsp', ''), 'INPUT_INVALID', /must not be empty/);
  });
});
