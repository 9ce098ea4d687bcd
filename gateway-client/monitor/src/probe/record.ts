import { canonicalJson } from '@tracecal/core/model';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Observed } from '../model/index.js';
import type { Collection, Store } from '../store/index.js';
import { PROBE_FAILURES } from './probe.js';
import type { ProbeFailure } from './probe.js';

const finite = z.number();
const uncertainty = { expanded: finite, coverageFactor: finite };
const asked = { asked: z.string(), answered: z.string() };
const failures = Object.keys(PROBE_FAILURES) as [ProbeFailure, ...ProbeFailure[]];

const schema = z.strictObject({
  type: z.literal('tracecal-probe/1'),
  device: z.string(),
  /** When the answer came, or the probe failed. */
  time: z.string(),
  unit: z.string(),
  outcome: z.union([
    z.strictObject({ value: finite, uncertainty: z.exactOptional(z.strictObject(uncertainty)), ...asked }),
    z.strictObject({ failure: z.enum(failures), says: z.string() }),
  ]),
  /** What it should have shown, and how the monitor knows: it asked a check standard, or it set a source. */
  reference: z.exactOptional(
    z.strictObject({
      value: finite,
      ...uncertainty,
      device: z.exactOptional(z.string()),
      asked: z.exactOptional(z.string()),
      answered: z.exactOptional(z.string()),
    }),
  ),
  /** Of an instrument that signs: the nonce, and its answer. */
  signed: z.exactOptional(
    z.strictObject({
      nonce: z.string(),
      measurement: z.strictObject({
        payload: z.string(),
        signatures: z.array(z.strictObject({ protected: z.string(), signature: z.string() })),
      }),
    }),
  ),
});

/** What a probe did and brought, in canonical form: what a finding names as its evidence is the digest of this. */
export type ProbeRecord = z.infer<typeof schema>;

/** A probe with the SHA-256 of its record, in hexadecimal digits. */
export interface Probed {
  readonly record: ProbeRecord;
  readonly evidence: string;
}

export function probedOf(record: ProbeRecord): Probed {
  return { record, evidence: createHash('sha256').update(canonicalJson(record)).digest('hex') };
}

/** What an instrument showed when it was probed; undefined where the probe failed. */
export function observedOf({ record, evidence }: Probed): Observed | undefined {
  const { device, time, unit, outcome, reference } = record;
  if ('failure' in outcome) return undefined;
  return {
    device,
    source: 'probed',
    time,
    unit,
    value: outcome.value,
    ...(outcome.uncertainty && { uncertainty: outcome.uncertainty }),
    ...(reference && {
      reference: {
        value: reference.value,
        expanded: reference.expanded,
        coverageFactor: reference.coverageFactor,
        ...(reference.device !== undefined && { device: reference.device }),
      },
    }),
    evidence,
  };
}

/** Probes that a store holds, by device and time. */
export class ProbedValues {
  readonly #store: Store;
  readonly #records: Collection<ProbeRecord>;

  constructor(store: Store) {
    this.#store = store;
    this.#records = store.collection('probed', schema);
  }

  /** All or nothing, and on disk when it returns. The same probe is kept once. */
  async add(all: readonly Probed[]): Promise<void> {
    await this.#store.write(all.map((each) => this.#records.put(keyOf(each), each.record)));
  }

  /** Of a device, oldest first. @param from - The first time. @param to - The first time that is too late. */
  async *of(
    device: string,
    { from = '', to }: { readonly from?: string; readonly to?: string } = {},
  ): AsyncGenerator<Probed> {
    for await (const [key, record] of this.#records.entries({ from: `${device} ${from}` })) {
      if (!key.startsWith(`${device} `) || (to !== undefined && record.time >= to)) return;
      yield probedOf(record);
    }
  }
}

function keyOf({ record: { device, time }, evidence }: Probed): string {
  return `${device} ${time} ${evidence}`;
}
