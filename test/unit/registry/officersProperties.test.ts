import assert from 'node:assert/strict';
import type { DeviceAnswer } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { asyncProperty } from '../../support/property.js';
import { Acts, stories } from '../../support/randomActs.js';
import { ask } from '../../support/registry.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';

const RANKS: readonly Verdict['status'][] = ['FAILED', 'INCOMPLETE', 'ATTESTED', 'TRACEABLE'];
const WORDS = ['revocation', 'suspension'] as const;

/** What can be seen of each device. */
async function seen(ledger: MemoryLedger, devices: readonly string[]) {
  const all = new Map<string, { readonly rank: number; readonly owner: string; readonly said: string }>();
  for (const device of devices) {
    const { status, reason } = await ask<Verdict>(ledger, 'traceCal', device, { asOf: '2025-12-01T00:00:00Z' });
    const { owner } = await ask<DeviceAnswer>(ledger, 'getDevice', device);
    all.set(device, { rank: RANKS.indexOf(status), owner, said: `${status}: ${reason}` });
  }
  return all;
}

describe('After any story of owners and officers', () => {
  it('no word against an officer betters a verdict or changes an owner', async function () {
    this.timeout(120_000);
    await asyncProperty(
      stories,
      async (story) => {
        const acts = await Acts.begin();
        for (const move of story) {
          await acts.make(move);
        }
        const before = await seen(acts.ledger, acts.devices);
        for (const [place, officer] of acts.officers.entries()) {
          const [author = ''] = officer.split('/');
          const spec = { author, reason: 'key-compromise' as const, effective: '2024-12-02T00:00:00Z', ...acts.now };
          const word = WORDS[(place + story.length) % WORDS.length]!;
          const signers = [`organisation:${author}`];
          const item = acts.hierarchy.addStatement(word, ['person', officer], { ...spec, signers });
          const after = await acts.after(item);
          for (const [device, { rank, owner, said }] of after ? await seen(after, acts.devices) : []) {
            const was = before.get(device)!;
            assert.ok(rank <= was.rank, `${officer}, ${device}: ${was.said} => ${said}`);
            assert.equal(owner, was.owner, `${officer}, ${device}`);
          }
        }
      },
      3,
    );
  });
});
