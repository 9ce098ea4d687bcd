import { ApplicationError } from '@tracecal/gateway-client/application';
import type { Instrument, Observed } from '../model/index.js';
import type { Prober } from '../probe/index.js';
import { observedOf } from '../probe/index.js';
import type { InstrumentReport } from '../reports/index.js';
import type { HeldFinding, InstrumentHealth, PageOf, WholeData } from '../slices/index.js';
import type { HeldFindings } from './heldFindings.js';
import type { Values } from './values.js';

export interface MonitorDataOptions {
  readonly fleet: readonly Instrument[];
  readonly held: ReadonlyMap<string, HeldFindings>;
  readonly values: Values;
  /** What the last look said of each device. */
  readonly reports: ReadonlyMap<string, InstrumentReport>;
  readonly prober?: Prober;
}

const EVER = { from: '1970-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z' };

/** All that the monitor has. Users get it through slices only. */
export class MonitorData implements WholeData {
  readonly #options: MonitorDataOptions;
  readonly #byDevice: ReadonlyMap<string, Instrument>;
  readonly #sorted: readonly Instrument[];

  constructor(options: MonitorDataOptions) {
    this.#options = options;
    this.#sorted = [...options.fleet].sort((one, other) => (one.device < other.device ? -1 : 1));
    this.#byDevice = new Map(options.fleet.map((each) => [each.device, each]));
  }

  instrument(device: string): Promise<Instrument | undefined> {
    return Promise.resolve(this.#byDevice.get(device));
  }

  async *instruments(operator: string, after = ''): AsyncGenerator<Instrument> {
    for (const each of await Promise.resolve(this.#sorted)) {
      if (each.operator === operator && each.device > after) yield each;
    }
  }

  /** Keys stay what they are when more values come. */
  async *measurements(
    device: string,
    { after = '', limit }: PageOf,
  ): AsyncGenerator<{ readonly key: string; readonly observed: Observed }> {
    const { observed } = await this.#options.values.of(device, EVER);
    const keyed = observed.map((each) => ({ key: `${each.time} ${each.evidence}`, observed: each }));
    keyed.sort((one, other) => (one.key < other.key ? -1 : 1));
    yield* keyed.filter(({ key }) => key > after).slice(0, limit);
  }

  async *findings(operator: string, after?: string): AsyncGenerator<HeldFinding> {
    const held = this.#options.held.get(operator);
    if (held) yield* held.entries(after);
  }

  /** As the last look found it. */
  health(device: string): Promise<InstrumentHealth> {
    const report = this.#options.reports.get(device);
    const used = report?.quality?.used;
    return Promise.resolve({
      observations: report?.values.compared ?? 0,
      ...(used !== undefined && { used }),
      findings: (report?.quality?.findings ?? []).map(({ name, says }) => ({ name, says })),
    });
  }

  /** The plan says how it is read; what a user asks for is never set. */
  async probe(device: string, output?: number): Promise<Observed> {
    const { prober } = this.#options;
    if (!prober) throw new ApplicationError('INPUT_INVALID', 'This monitor has no plan of probes.');
    if (output !== undefined) {
      throw new ApplicationError('INPUT_INVALID', 'This monitor sets sources by its plan only: ask without an output.');
    }
    const observed = observedOf(await prober.probe(device));
    if (!observed) throw new ApplicationError('INPUT_INVALID', `${device} gave no value: ask again later.`);
    return observed;
  }
}
