import assert from 'node:assert/strict';
import type { Result } from '@tracecal/core/model';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Item } from '../../support/hierarchy.js';
import type { Simulation } from '../../support/memoryLedger.js';
import { runs } from '../../support/property.js';
import { Random } from '../../support/random.js';
import { ask, registryOf, submit } from '../../support/registry.js';
import { runSeed } from '../../support/seed.js';

/** Results, and rows of all of them together, below the lowest bound. */
const MOST = 8;

describe('The sizes of a confidential report', () => {
  it('depend neither on its values nor on how many results there are, below the bound', async () => {
    const random = new Random(runSeed);
    const first = await sizesOf([temperatureResult(0.5, [20])], true);
    const open = await sizesOf([temperatureResult(0.5, [20])], false);
    for (let run = 0; run < runs(6); run += 1) {
      const results = randomResults(random);
      const told = JSON.stringify({ seed: runSeed, results });
      assert.deepEqual(await sizesOf(results, true), first, told);
      assert.notDeepEqual(await sizesOf(results, false), open, `a public report shows it: ${told}`);
    }
  });
});

/** At least two rows in all, so that a public report is larger. */
function randomResults(random: Random): readonly Result[] {
  const count = random.between(1, MOST / 2);
  return Array.from({ length: count }, (_, place) => {
    const rows = random.between(place === 0 ? 2 : 1, Math.floor(MOST / count));
    const values = Array.from({ length: rows }, () => random.next() * 100);
    const name = 'x'.repeat(random.between(1, 60));
    return { ...temperatureResult(0.1 + random.next(), values), name: `${place}${name}` };
  });
}

/** Of all that a registration shows to peers and orderers, and of what members are answered then. */
async function sizesOf(results: readonly Result[], isSealed: boolean): Promise<Readonly<Record<string, number>>> {
  const hierarchy = await twoCountries();
  const ledger = await registryOf(hierarchy);
  const sealed = isSealed ? ['temperature'] : [];
  const spec = { id: 'sized', device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
  const item = hierarchy.addReport({ ...spec, performed: '2025-12-20', results, sealed });
  const done = await submit(ledger, item);
  const answers = {
    report: await ask(ledger, 'getReport', 'lab-alpha/sized'),
    verdict: await ask(ledger, 'traceCal', 'oem-a/working-a', { explain: true }),
    evidence: await ask(ledger, 'getEvidence', 'oem-a/working-a', {}),
  };
  const asked = Object.entries(answers).map(([name, answer]) => [name, JSON.stringify(answer).length] as const);
  return { ...sizesIn(item, done), ...Object.fromEntries(asked) };
}

function sizesIn(item: Item, { answer, event, reads, writes }: Simulation): Readonly<Record<string, number>> {
  return {
    argument: JSON.stringify({ items: [item] }).length,
    answer: answer.length,
    event: JSON.stringify(event).length,
    reads: reads.join().length,
    ...Object.fromEntries([...writes].map(([key, value]) => [key, value.length])),
  };
}
