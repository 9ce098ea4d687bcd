import { instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { liarOf } from '@tracecal/gateway-client/monitor';
import type { FailedProbe, LiarOptions, ProbeFindingName, SentValue } from '@tracecal/gateway-client/monitor';
import type { Finding, Observed, Proposed } from '../model/index.js';
import { observedOf } from './record.js';
import type { Probed } from './record.js';

/** What is asked of whoever may decide. */
const PROPOSES: Readonly<Record<ProbeFindingName, Proposed['action']>> = {
  stuck: 'quarantine',
  drift: 'recalibrate',
  replay: 'quarantine',
  lies: 'quarantine',
  silent: 'measure',
  disagrees: 'recalibrate',
};

/** What is known of one device in a period that is over. */
export interface KnownOfDevice {
  readonly device: string;
  readonly probed: readonly Probed[];
  /** What its site sent. It has to be what the probe reads: both corrected, or both as the instrument shows it. */
  readonly sent: readonly Observed[];
}

/**
 * What probes say about a device, each at most once: `stuck`, `drift`, `replay`, `lies`, `silent`, `disagrees`. Values in another unit than the
 * probes' are passed over.
 */
export function probeFindings(known: KnownOfDevice, options: LiarOptions = {}): readonly Finding[] {
  const { device, sent } = known;
  const probed = inOrder(known.probed, ({ record }) => record.time);
  const unit = probed[0]?.record.unit;
  const shown = probed.flatMap((each) => observedOf(each) ?? []);
  const found = liarOf(
    {
      probed: shown
        .filter((each) => each.unit === unit)
        .map((each) => ({
          ...valueOf(each),
          ...(each.reference && { reference: each.reference }),
        })),
      sent: inOrder(sent, ({ time }) => time)
        .filter((each) => each.device === device && each.unit === unit)
        .map(valueOf),
      failed: probed.flatMap(failedOf),
    },
    options,
  );
  return found.map(({ name, says, evidence, from, to }) => ({
    name,
    subject: { kind: 'device', id: device },
    says,
    evidence,
    from: secondOf(from),
    to: secondOf(to),
    proposes: { action: PROPOSES[name], devices: [device] },
  }));
}

/** By time; in one second by evidence, so that the order in which they are given makes no difference. */
function inOrder<T extends { readonly evidence: string }>(
  all: readonly T[],
  timeOf: (each: T) => Instant,
): readonly T[] {
  const keyed = all.map((each) => ({ each, key: `${timeOf(each)} ${each.evidence}` }));
  return keyed.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ each }) => each);
}

function valueOf({ time, value, uncertainty, evidence }: Observed): SentValue {
  return { at: Date.parse(time), value, evidence, ...(uncertainty && { uncertainty }) };
}

function failedOf({ record: { time, outcome }, evidence }: Probed): readonly FailedProbe[] {
  if (!('failure' in outcome)) return [];
  return [{ at: Date.parse(time), evidence, replayed: outcome.failure === 'replayed' }];
}

function secondOf(at: number): Instant {
  return instantOf(1000 * Math.floor(at / 1000));
}
