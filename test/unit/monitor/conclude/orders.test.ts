import assert from 'node:assert/strict';
import { findingId, findingShape } from '@tracecal/core/contracts';
import type { Finding } from '@tracecal/core/contracts';
import { ANSWER_TYPE, DIRECTIVE_TYPE, directiveOf } from '@tracecal/core/directives';
import type { AnswerOutcome, Directive, SignedDirective } from '@tracecal/core/directives';
import { instantOf, shapeOf } from '@tracecal/core/model';
import { orderFindings } from '@tracecal/gateway-client/monitor';
import type { Orders, RecordedAnswer, Use } from '@tracecal/gateway-client/monitor';
import { digest } from '../../../support/findings.js';

const SENSOR = 'oem-a/sensor-a';
const REGISTRY = `calibration:${'ab'.repeat(32)}`;
const START = Date.parse('2026-03-01T00:00:00Z');
const hour = (hours: number): string => instantOf(START + hours * 3_600_000);

/** A directive as it was verified, signed at an hour. */
function directed(
  kind: Directive['kind'],
  at: number,
  number: number,
  more: Partial<Directive> & Partial<Pick<SignedDirective, 'isRevoked'>> = {},
): SignedDirective {
  const { isRevoked = false, ...rest } = more;
  const content = directiveOf({
    type: DIRECTIVE_TYPE,
    registry: REGISTRY,
    operator: 'oem-a',
    date: hour(at),
    kind,
    devices: [{ id: SENSOR, ...(kind !== 'override' && { number }) }],
    reason: 'It drifts.',
    from: hour(at),
    ...(kind === 'measure' && { measure: { quantity: 'temperature', count: 3 } }),
    ...rest,
  });
  const envelope = {} as SignedDirective['envelope'];
  return { content, digest: digest(`${kind} ${number} ${at}`), officer: 'oem-a/officer', isRevoked, envelope };
}

function answered(
  { digest: directive }: SignedDirective,
  at: number,
  outcome: AnswerOutcome,
  by = SENSOR,
): RecordedAnswer {
  const registry = REGISTRY;
  const content = {
    type: ANSWER_TYPE,
    registry,
    directive,
    device: SENSOR,
    by,
    outcome,
    date: hour(at),
    what: 'Done.',
  };
  return { content, digest: digest(`answer ${directive} ${at} ${by}`), recorded: hour(at) } as RecordedAnswer;
}

const use = (at: number): Use => ({ device: SENSOR, time: hour(at), evidence: digest(`use ${at}`) });

function findingsOf(
  read: readonly SignedDirective[],
  now: number,
  more: Partial<Pick<Orders, 'answers' | 'uses'>> = {},
): readonly Finding[] {
  const found = orderFindings({ directives: { read, broken: [] }, answers: [], uses: [], now: hour(now), ...more });
  for (const finding of found) shapeOf(findingShape, 'finding', finding);
  return found;
}

const names = (findings: readonly Finding[]) => findings.map(({ name }) => name);

describe('Directives', () => {
  const quarantine = directed('quarantine', 0, 1);
  const done = answered(quarantine, 2, 'carried-out');

  it('that were answered in time and heeded lead to no finding', () => {
    assert.deepEqual(findingsOf([quarantine], 23), [], 'there is time left');
    assert.deepEqual(findingsOf([quarantine], 100, { answers: [done], uses: [use(-5), use(0.5)] }), []);
  });

  it('that nobody answers in time are not carried out; the finding stays the same, and a late answer closes it', () => {
    const [open, ...none] = findingsOf([quarantine], 25);
    assert.deepEqual([open?.name, open?.subject.id, none], ['not-carried-out', SENSOR, []]);
    assert.match(open?.says ?? '', /directive quarantine of .* was not answered by 2026-03-02T00:00:00Z/);
    assert.deepEqual(findingsOf([quarantine], 200), [open]);
    const late = findingsOf([quarantine], 200, { answers: [answered(quarantine, 30, 'carried-out')] });
    assert.deepEqual(names(late), ['not-carried-out', 'carried-out']);
    assert.ok(open && late[1]?.evidence.includes(findingId(open)));
    assert.equal(late[1]?.to, hour(30));
  });

  it('of every kind need an answer, except overrides, which nobody carries out', () => {
    const measure = directed('measure', 1, 2);
    assert.equal(findingsOf([quarantine, measure], 26, { answers: [done] }).length, 1);
    const override = directed('override', 1, 0, { until: hour(5) });
    assert.deepEqual(findingsOf([quarantine, override], 26, { answers: [done] }), []);
  });

  it('that a revoked key signed need none', () => {
    assert.deepEqual(findingsOf([directed('measure', 0, 1, { isRevoked: true })], 100), []);
  });

  it('that are refused are not carried out, until the device itself says otherwise', () => {
    const refusal = answered(quarantine, 3, 'refused', 'oem-a/gateway');
    const [open, ...none] = findingsOf([quarantine], 4, { answers: [refusal] });
    assert.match(open?.says ?? '', /was refused by oem-a\/gateway \("Done\."\)/);
    assert.deepEqual(none, []);
    const both = findingsOf([quarantine], 6, { answers: [refusal, answered(quarantine, 5, 'carried-out')] });
    assert.deepEqual(names(both), ['not-carried-out', 'carried-out']);
    assert.deepEqual(both[0], open);
  });

  describe('that put a device into quarantine', () => {
    const answers = [done];

    it('are not carried out while it is used; the finding names the first use, and stays the same', () => {
      const uses = [use(0.5), use(3), use(4), use(5)];
      const [open, ...none] = findingsOf([quarantine], 6, { answers, uses: uses.slice(0, 2) });
      assert.deepEqual([open?.name, open?.to, none], ['not-carried-out', hour(3), []]);
      assert.deepEqual([...(open?.evidence ?? [])].sort(), [quarantine.digest, digest('use 3')].sort());
      assert.deepEqual(findingsOf([quarantine], 6, { answers, uses: [...uses].reverse() }), [open]);
    });

    it('are carried out after all when nothing was used for a day, and a later use is a new finding', () => {
      const uses = [use(3), use(10)];
      const closed = findingsOf([quarantine], 35, { answers, uses });
      assert.deepEqual(names(closed), ['not-carried-out', 'carried-out']);
      assert.equal(closed[1]?.to, hour(34));
      const again = findingsOf([quarantine], 51, { answers, uses: [...uses, use(50)] });
      assert.deepEqual(names(again), ['not-carried-out', 'carried-out', 'not-carried-out']);
      assert.deepEqual(again.slice(0, 2), closed);
      assert.notEqual(findingId(again[2] ?? closed[0]!), findingId(closed[0]!));
    });

    it('end with a release: uses after it are in order, and what was open is closed', () => {
      const release = directed('release', 6, 2);
      const released = [...answers, answered(release, 7, 'carried-out')];
      const found = findingsOf([quarantine, release], 9, { answers: released, uses: [use(3), use(8)] });
      assert.deepEqual(names(found), ['not-carried-out', 'carried-out']);
      assert.ok(found[1]?.evidence.includes(release.digest));
      assert.deepEqual(findingsOf([quarantine, release], 9, { answers: released, uses: [use(8)] }), []);
    });

    it('let pass what an override allows', () => {
      const override = directed('override', 2, 0, { until: hour(5) });
      const found = findingsOf([quarantine, override], 8, { answers, uses: [use(3), use(4)] });
      assert.deepEqual(found, []);
      assert.equal(findingsOf([quarantine, override], 8, { answers, uses: [use(3), use(6)] }).length, 1);
    });

    it('do not look back: what was used before they were signed was no disobedience', () => {
      const backdated = directed('quarantine', 10, 1, { from: hour(0) });
      const own = [answered(backdated, 11, 'carried-out')];
      assert.deepEqual(findingsOf([backdated], 20, { answers: own, uses: [use(5), use(10.5)] }), []);
      assert.equal(findingsOf([backdated], 20, { answers: own, uses: [use(12)] }).length, 1);
    });

    it('concern no other device', () => {
      const other = { ...use(3), device: 'oem-a/working-a' };
      assert.deepEqual(findingsOf([quarantine], 6, { answers, uses: [other] }), []);
    });
  });
});
