import type { Instant } from '@tracecal/core/model';
import type { Observed } from '../model/index.js';
import { observedOf, ProbedValues } from '../probe/index.js';
import type { Probed } from '../probe/index.js';
import type { Store } from '../store/index.js';

/** Values that sites sent, as the feed keeps them. */
export interface SentValues {
  /** Of a device, oldest first. @param period - `from` belongs to it, `to` does not. */
  of(device: string, period: { readonly from: Instant; readonly to: Instant }): AsyncIterable<Observed>;
}

/** What the monitor has of a device in a period. */
export interface KnownValues {
  readonly probed: readonly Probed[];
  readonly sent: readonly Observed[];
  /** Both, as values, by time. */
  readonly observed: readonly Observed[];
}

/** All values of the monitor, wherever they come from. */
export class Values {
  readonly #probed: ProbedValues;
  readonly #sent: SentValues | undefined;

  constructor(store: Store, sent?: SentValues) {
    this.#probed = new ProbedValues(store);
    this.#sent = sent;
  }

  async of(device: string, period: { readonly from: Instant; readonly to: Instant }): Promise<KnownValues> {
    const [probed, sent]: [Probed[], Observed[]] = [[], []];
    for await (const each of this.#probed.of(device, period)) probed.push(each);
    for await (const each of this.#sent?.of(device, period) ?? []) sent.push(each);
    const observed = [...probed.flatMap((each) => observedOf(each) ?? []), ...sent];
    observed.sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
    return { probed, sent, observed };
  }
}
