import { PROBE_FINDINGS } from '@tracecal/gateway-client/monitor';
import type { ProbeFindingName } from '@tracecal/gateway-client/monitor';
import { instantOf } from '@tracecal/core/model';
import { findingId, probedOf, probeFindings } from '@tracecal/monitor';
import type { Finding, Observed, Probed, ProbeRecord } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import { LIAR_KINDS, LIARS, lifeOf } from '../../../support/instruments/population.js';
import type { Member } from '../../../support/instruments/population.js';

const DEVICE = 'site/t1';
const UNIT = '\\degreecelsius';

/** A member of a generated population, as the monitor's store has it. */
function known({ shown }: Member): { readonly device: string; readonly probed: Probed[]; readonly sent: Observed[] } {
  const common = { type: 'tracecal-probe/1', device: DEVICE, unit: UNIT } as const;
  const answered = shown.probed.map(({ at, value, uncertainty, reference }): ProbeRecord => {
    const outcome = { value, asked: 'READ?', answered: String(value), ...(uncertainty && { uncertainty }) };
    return { ...common, time: instantOf(at), outcome, ...(reference && { reference }) };
  });
  const failed = shown.failed.map(({ at }): ProbeRecord => {
    return { ...common, time: instantOf(at), outcome: { failure: 'unanswered', says: 'No answer.' } };
  });
  const sent = shown.sent.map(({ at, value, uncertainty, evidence }): Observed => {
    return {
      device: DEVICE,
      source: 'sent',
      time: instantOf(at),
      unit: UNIT,
      value,
      evidence,
      ...(uncertainty && { uncertainty }),
    };
  });
  return { device: DEVICE, probed: [...failed, ...answered].map(probedOf), sent };
}

const members = [...LIAR_KINDS, 'honest' as const].map((kind, seed): Member => ({
  kind,
  shown: lifeOf(seed, kind, 0.9),
}));

describe('Findings of probes', () => {
  it('name the device, the evidence that the monitor keeps, the time, and what is proposed', () => {
    const seen = new Set<string>();
    for (const member of members) {
      const all = known(member);
      const digests = new Set([...all.probed, ...all.sent].map(({ evidence }) => evidence));
      for (const finding of probeFindings(all)) {
        seen.add(finding.name);
        assert.deepEqual(finding.subject, { kind: 'device', id: DEVICE });
        assert.ok(finding.name in PROBE_FINDINGS && finding.evidence.every((each) => digests.has(each)));
        assert.ok(finding.from <= finding.to && finding.from.startsWith('2026-03-'));
        assert.deepEqual(finding.proposes?.devices, [DEVICE]);
      }
    }
    assert.ok(seen.size >= 4, [...seen].join());
  });

  it('are the same, with the same ids, whenever a period is looked at again', () => {
    const ids = (all: ReturnType<typeof known>) => probeFindings(all).map(findingId);
    for (const member of members) {
      const all = known(member);
      assert.deepEqual(ids(all), ids({ ...all, sent: [...all.sent].reverse(), probed: [...all.probed].reverse() }));
    }
  });

  it('need no suspicion of an honest instrument, nor values in another unit or of another device', () => {
    const honest = members.find(({ kind }) => kind === 'honest')!;
    assert.deepEqual(probeFindings(known(honest)), []);
    const liar = members.find(({ kind }) => kind !== 'honest' && LIARS[kind] === 'lies')!;
    const all = known(liar);
    const namesOf = (findings: readonly Finding[]) => findings.map(({ name }) => name as ProbeFindingName);
    assert.deepEqual(namesOf(probeFindings(all)), ['lies']);
    for (const change of [{ unit: '\\kelvin' }, { device: 'site/t2' }]) {
      assert.deepEqual(probeFindings({ ...all, sent: all.sent.map((each) => ({ ...each, ...change })) }), []);
    }
    assert.deepEqual(probeFindings({ device: DEVICE, probed: [], sent: all.sent }), []);
  });

  it('say that an instrument answered a nonce with an old value', () => {
    const outcome = { failure: 'replayed', says: 'Old.' } as const;
    const record = {
      type: 'tracecal-probe/1',
      device: DEVICE,
      unit: UNIT,
      time: '2026-03-01T00:00:00Z',
      outcome,
    } as const;
    const [finding] = probeFindings({ device: DEVICE, probed: [probedOf(record)], sent: [] });
    assert.deepEqual([finding?.name, finding?.evidence], ['replay', [probedOf(record).evidence]]);
    assert.equal(finding?.proposes?.action, 'quarantine');
  });
});
