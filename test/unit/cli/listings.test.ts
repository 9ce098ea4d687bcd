import assert from 'node:assert/strict';
import { keyLines, listingText, PLAIN, standingLines, standingWord } from '@tracecal/cli';
import type { Impediment } from '@tracecal/core/trace';
import { keyFacts, listingOf } from '@tracecal/gateway-client/application';
import { tracecal } from '../../support/commandLine.js';
import { Hierarchy } from '../../support/hierarchy.js';

const COLUMNS = [{ title: 'id', of: ({ id }: { readonly id: string }) => id }];

async function* numbered(count: number) {
  for (let number = 1; number <= count; number += 1) {
    yield await Promise.resolve({ id: `d-${String(number).padStart(5, '0')}`, number });
  }
}

function impediment(state: Impediment['state'], until: string | null): Impediment {
  const registered = { epoch: 0, date: '2026-01-01T00:00:00Z', decisions: 0, txId: 't' };
  const said = { by: 'nmi', reason: 'fraud', effective: '2026-01-01T00:00:00Z' } as const;
  return { state, ...said, until, registered, tenure: null, reach: null };
}

describe('A list on a terminal', () => {
  it('is cut where it was asked to be, and says how to go on', async () => {
    const listing = await listingOf(numbered(5), 2);
    assert.deepEqual(
      [listing.items.map(({ number }) => number), listing.more, listing.after],
      [[1, 2], true, 'd-00002'],
    );
    const text = listingText(listing, COLUMNS, 'none', PLAIN);
    assert.match(text, /d-00002\nThere may be more: add --after d-00002, or raise --limit\.$/);
  });

  it('that is whole says nothing of more', async () => {
    const listing = await listingOf(numbered(2), 2);
    assert.deepEqual([listing.more, listing.after], [false, null]);
    assert.equal(listingText(listing, COLUMNS, 'none', PLAIN), 'id\nd-00001\nd-00002');
    assert.equal(listingText(await listingOf(numbered(0), 2), COLUMNS, 'No such thing.', PLAIN), 'No such thing.');
  });

  it('continues after the last one examined when hardly anything matches', async () => {
    const listing = await listingOf(numbered(20_000), 2, ({ number }) => number === 7);
    assert.deepEqual([listing.items.length, listing.more, listing.after], [1, true, 'd-10000']);
  });

  for (const args of [
    ['org', 'list', '--limit', '0'],
    ['device', 'list', '--limit', '1001'],
    ['device', 'list', '--owner', 'a', '--org', 'b'],
    ['report', 'list', '--device', 'a', '--org', 'b'],
    ['technician', 'list', '--after', 'no id!'],
    ['org', 'list', '--kind', 'PLANET'],
  ]) {
    it(`is refused for bad usage: ${args.join(' ')}`, async () => {
      assert.equal((await tracecal(args)).code, 2);
    });
  }
});

describe('The standing of something', () => {
  it('is good, or what stands against it now', () => {
    assert.equal(standingWord(null), 'good');
    assert.equal(standingWord(impediment('revoked', null)), 'revoked (fraud)');
    assert.deepEqual(standingLines([]), ['standing: good']);
    assert.deepEqual(standingLines([impediment('revoked', null)]), [
      'standing: revoked by nmi, fraud, from 2026-01-01T00:00:00Z',
    ]);
  });

  it('is good again after a suspension, which stays on record', () => {
    const [now, before] = standingLines([impediment('suspended', '2026-02-01T00:00:00Z')]);
    assert.equal(now, 'standing: good');
    assert.match(before ?? '', /^earlier: suspended by nmi, fraud, from .* until 2026-02-01/);
  });
});

describe('The key of an organisation', () => {
  it('is told by its last certificate, and whether it is on this machine', async () => {
    const hierarchy = new Hierarchy();
    await hierarchy.addOrganisation({ id: 'nmi', kind: 'NMI' });
    const { certificate } = hierarchy.holder('organisation', 'nmi');
    const facts = keyFacts({ has: () => true }, 'organisation', 'nmi', [{ certificate: 'earlier' }, { certificate }]);
    const [where, digest] = keyLines(facts);
    assert.match(where ?? '', /^key: on this machine; certificate ends on \d{4}-\d\d-\d\d$/);
    assert.match(digest ?? '', /^certificate: SHA-256 [0-9a-f]{64}$/);
    assert.deepEqual(keyLines(keyFacts({ has: () => false }, 'organisation', 'nmi', [])), []);
  });
});
