import assert from 'node:assert/strict';
import type { Verdict } from '@tracecal/core/trace';
import { freshnessOf, notesOn, relianceOn } from '@tracecal/gateway-client';
import type { Reliance } from '@tracecal/gateway-client';

type Unmet = NonNullable<Verdict['requirements']>['unmet'][number]['requirement'];

function verdict(status: Verdict['status'], check: Verdict['check'], ...unmet: readonly Unmet[]) {
  const requirements = {
    owner: 'oem-a',
    number: 1,
    fulfilled: unmet.length === 0,
    unmet: unmet.map((requirement) => ({ requirement, reason: 'It is not.' })),
  };
  return { status, check, requirements };
}

describe('Whether a device may be relied on', () => {
  const BY_OWNER: Reliance = { mayRely: true, by: 'owner', lacks: null };
  const lacking = (lacks: Reliance['lacks']): Reliance => ({ mayRely: false, by: null, lacks });

  it('is for its owner to say, whose terms need no wish', () => {
    assert.deepEqual(relianceOn(verdict('TRACEABLE', null)), BY_OWNER);
    assert.deepEqual(relianceOn(verdict('ATTESTED', 'support'), { acceptAttested: true }), BY_OWNER);
  });

  it('is never said of a verdict that is not sound, whatever else is told', () => {
    assert.deepEqual(relianceOn(verdict('FAILED', 'standing')), lacking('soundness'));
    assert.deepEqual(relianceOn(verdict('INCOMPLETE', 'parent-registered')), lacking('evidence'));
    assert.equal(relianceOn(verdict('GREAT' as Verdict['status'], null)).mayRely, false);
  });

  it("is the asker's decision for a verdict that depends on somebody's word", () => {
    const attested = verdict('ATTESTED', 'transcription', 'status');
    assert.deepEqual(relianceOn(attested), lacking('traceability'));
    assert.deepEqual(relianceOn(attested, { acceptAttested: true }), { mayRely: true, by: 'asker', lacks: null });
  });

  for (const [what, told, lacks] of [
    ['what failed', verdict('FAILED', 'standing', 'status'), 'soundness'],
    ['what is incomplete', verdict('INCOMPLETE', 'parent-registered', 'status'), 'evidence'],
    ['old heartbeats', verdict('FAILED', 'freshness', 'status'), 'freshness'],
    [
      'heartbeats older than its owner allows',
      verdict('ATTESTED', 'transcription', 'status', 'freshness'),
      'freshness',
    ],
    [
      'what its owner requires besides',
      verdict('ATTESTED', 'transcription', 'status', 'accreditation'),
      'requirements',
    ],
    ['a device that does not exist', { ...verdict('FAILED', 'registered'), requirements: null }, 'soundness'],
  ] as const) {
    it(`is not changed by accepting ATTESTED: ${what}`, () => {
      assert.deepEqual(relianceOn(told, { acceptAttested: true }), lacking(lacks));
    });
  }
});

describe('Notes on a verdict', () => {
  const NOW = Date.parse('2026-03-01T10:00:00Z');

  it('is that the day asked about is in the future, and not that today is not over', () => {
    assert.match(notesOn({ asOf: '2026-03-02T00:00:00Z' }, NOW).join(), /is in the future: .* as known today/);
    assert.deepEqual(notesOn({ asOf: '2026-03-01T23:59:59Z' }, NOW), []);
    assert.deepEqual(notesOn({ asOf: '2020-01-01T00:00:00Z' }, NOW), []);
  });

  const root = (organisation: string) => ({ organisation, sha256: organisation.padEnd(64, '0') });
  const beat = (institute: string, time: string) => ({ institute, epoch: 1, digest: '00'.repeat(32), time });

  it('is whose heartbeats count, and how old they are', () => {
    const told = {
      roots: [root('nmi-a')],
      institutes: [root('nmi-a'), root('nmi-b')],
      heartbeats: [beat('nmi-a', '2026-03-01T09:00:00Z')],
    };
    assert.deepEqual(freshnessOf(told, { maxAgeSeconds: 3599 }, NOW), {
      maxAgeSeconds: 3599,
      wanted: 1,
      institutes: [{ institute: 'nmi-a', time: '2026-03-01T09:00:00Z', ageSeconds: 3600, isFresh: false }],
    });
    assert.equal(freshnessOf(told, { maxAgeSeconds: 3600 }, NOW)?.institutes[0]?.isFresh, true);
    assert.equal(freshnessOf(told, {}, NOW), undefined, 'no age was asked for');
  });

  it('is of a chain that ends on paper the heartbeat of the institute above who vouches for it', () => {
    const told = { roots: [], institutes: [root('nmi-b')], heartbeats: [] };
    const missing = { institute: 'nmi-b', time: null, ageSeconds: null, isFresh: false };
    assert.deepEqual(freshnessOf(told, { maxAgeSeconds: 60 }, NOW)?.institutes, [missing]);
  });

  it('is of every institute of the trust file, by its id where the verdict tells it', () => {
    const told = {
      roots: [root('nmi-a')],
      institutes: [root('nmi-a')],
      heartbeats: [beat('nmi-a', '2026-03-01T10:00:00Z')],
    };
    const trust = {
      type: 'tracecal-trust/1',
      roots: [
        { name: 'My institute', sha256: root('nmi-a').sha256 },
        { name: 'nmi-c', sha256: root('nmi-c').sha256 },
      ],
      heartbeats: { k: 2 },
    } as const;
    const found = freshnessOf(told, { maxAgeSeconds: 60, roots: trust }, NOW);
    assert.equal(found?.wanted, 2);
    assert.deepEqual(
      found.institutes.map(({ institute, isFresh }) => [institute, isFresh]),
      [
        ['nmi-a', true],
        ['nmi-c', false],
      ],
    );
  });
});
