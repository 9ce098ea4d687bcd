import assert from 'node:assert/strict';
import type { Edge, Verdict } from '@tracecal/core/trace';
import { PLAIN, traceTree } from '@tracecal/cli';
import { WIDE } from '../../support/wide.js';

function edge(level: number, device: string, more: Partial<Edge> = {}): Edge {
  return {
    level,
    child: null,
    report: `r-${device}`,
    digest: 'ab'.repeat(32),
    amendedBy: null,
    device,
    organisation: 'lab',
    technician: 't-1',
    performed: '2026-01-01',
    registered: '2026-01-02T00:00:00Z',
    gives: [],
    outcome: 'sound',
    findings: [],
    ...more,
  };
}

function verdict(edges: readonly Edge[], more: Partial<Verdict> = {}): Verdict {
  return {
    registry: 'calibration',
    device: 'sensor',
    asOf: '2026-03-01T00:00:00Z',
    knownAt: null,
    quantity: null,
    status: 'TRACEABLE',
    check: null,
    requirements: null,
    due: null,
    results: [],
    reason: 'Traces over 3 levels to nmi.',
    levels: 3,
    roots: [],
    institutes: [],
    heartbeats: [],
    findings: [],
    edges,
    ...more,
  };
}

describe('a trace on a terminal', () => {
  it('is a tree: what rests on what, branch by branch', () => {
    const edges = [edge(1, 'sensor'), edge(2, 'a'), edge(3, 'root-a'), edge(2, 'b'), edge(3, 'root-b')];
    assert.deepEqual(traceTree(verdict(edges), PLAIN).split('\n').slice(2), [
      '└─ ✓ sensor  r-sensor · 2026-01-01 · lab, t-1',
      '   ├─ ✓ a  r-a · 2026-01-01 · lab, t-1',
      '   │  └─ ✓ root-a  r-root-a · 2026-01-01 · lab, t-1',
      '   └─ ✓ b  r-b · 2026-01-01 · lab, t-1',
      '      └─ ✓ root-b  r-root-b · 2026-01-01 · lab, t-1',
    ]);
  });

  it('names the certificate from which a report was imported, and who issued it', () => {
    const certificate = { number: 'K-7', laboratory: 'Elsewhere GmbH', code: 'D-K-1', country: 'DE' };
    assert.equal(
      traceTree(verdict([edge(1, 'sensor', { certificate })]), WIDE)
        .split('\n')
        .at(-1),
      '        imported from certificate K-7 of Elsewhere GmbH, D-K-1, DE (no member named)',
    );
  });

  it('shows every edge with its outcome and the reasons for it', () => {
    const findings = [{ check: 'standing', outcome: 'failed', reason: 'Device a is revoked.' }] as const;
    const paper = [{ check: 'paper-certificate', outcome: 'attested', reason: 'Certificate 7 is on paper.' }] as const;
    const edges = [
      edge(1, 'sensor'),
      edge(2, 'a', { outcome: 'failed', findings }),
      edge(2, '', { device: null, report: null, outcome: 'attested', findings: paper }),
    ];
    const text = traceTree(verdict(edges, { status: 'FAILED', reason: 'Device a is revoked.' }), PLAIN);
    assert.match(text, /^FAILED {2}sensor\nDevice a is revoked\./);
    assert.match(text, /✗ a .*\n.*standing: Device a is revoked\./);
    assert.match(text, /~ outside the registry\n.*paper-certificate: Certificate 7 is on paper\./);
  });

  it('says if the records were not fresh, what was asked, where it ended and who has signed what there is', () => {
    const findings = [{ check: 'freshness', outcome: 'failed', reason: 'The newest heartbeat is old.' }] as const;
    const text = traceTree(
      verdict([], {
        findings,
        quantity: 'temperature',
        knownAt: '2026-03-02T00:00:00Z',
        roots: [{ organisation: 'nmi', sha256: '0123456789abcdef'.repeat(4) }],
        heartbeats: [{ institute: 'nmi', epoch: 7, digest: 'cd'.repeat(32), time: '2026-02-28T00:00:00Z' }],
      }),
      PLAIN,
    );
    assert.match(text, /freshness: The newest heartbeat is old\./);
    assert.match(text, /for temperature, as of 2026-03-01T00:00:00Z, known at 2026-03-02T00:00:00Z/);
    assert.match(text, /root nmi: certificate 0123456789abcdef…/);
    assert.match(text, /heartbeat of nmi: 2026-02-28T00:00:00Z, over epoch 7/);
  });

  it('lets nothing that is registered reach the terminal as a control sequence', () => {
    const text = traceTree(verdict([edge(1, 'x\u001b[2Jy')], { reason: 'a\u0007b' }), PLAIN);
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u);
  });
});
