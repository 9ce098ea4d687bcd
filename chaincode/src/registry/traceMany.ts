import { MAX_DEVICES } from '@tracecal/core/contracts';
import type { TraceSummaries, TraceSummary } from '@tracecal/core/contracts';
import { instant, parseAs, RegistryError } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { registryOf } from '@tracecal/core/open';
import { Budget, traceCal, traceOptions } from '@tracecal/core/trace';
import type { Edge, HeartbeatSeen } from '@tracecal/core/trace';
import { z } from 'zod';
import { identifier } from '../contract/index.js';
import type { StateReader } from './state.js';

/** Most edges of all these traces together: limits the work, and the answer to about 2 MB. */
const MAX_EDGES_IN_ALL = 20_000;
const LIMITS = { maxLength: 131_072, maxDepth: 4 };

const schema = z.strictObject({
  devices: z
    .array(identifier)
    .min(1)
    .max(MAX_DEVICES)
    .refine((devices) => new Set(devices).size === devices.length, 'must not name a device twice'),
  asOf: z.optional(instant),
});

/** Traces many devices over the same records and reads each record once; as of the transaction's time unless given. */
export async function traceMany(state: StateReader, json: string): Promise<TraceSummaries> {
  const { devices, asOf = state.now } = parseAs(schema, 'question', json, LIMITS);
  const summaries = new Summaries(state, asOf);
  await state.prefetch(devices);
  for (const device of devices) {
    await summaries.add(device);
  }
  return summaries.all();
}

class Summaries {
  readonly #state: StateReader;
  readonly #asOf: Instant;
  readonly #results: TraceSummary[] = [];
  /** Digests, and their places in the answer. */
  readonly #places = new Map<string, number>();
  readonly #heartbeats = new Map<string, HeartbeatSeen>();
  /**
   * Together they may cost as much as one trace. Each verdict is the same as in a single trace; if the limit is exceeded,
   * the whole query is refused.
   */
  readonly #budget = new Budget();
  #edges = 0;

  constructor(state: StateReader, asOf: Instant) {
    this.#state = state;
    this.#asOf = asOf;
  }

  async add(device: string): Promise<void> {
    const budget = new Budget(this.#budget);
    const verdict = await traceCal(this.#state, device, traceOptions({ asOf: this.#asOf }), budget);
    this.#edges += verdict.edges.length;
    if (this.#edges > MAX_EDGES_IN_ALL) {
      throw new RegistryError(
        'INPUT_INVALID',
        `the traces of these devices have more than ${MAX_EDGES_IN_ALL} edges: ask about fewer devices at once.`,
      );
    }
    if (this.#budget.isExceeded) {
      throw new RegistryError(
        'INPUT_INVALID',
        'the traces of these devices compare too many results: ask about fewer devices at once.',
      );
    }
    for (const heartbeat of verdict.heartbeats) {
      this.#heartbeats.set(heartbeat.institute, heartbeat);
    }
    const { status, check, edges, requirements } = verdict;
    const fulfilled = requirements?.fulfilled ?? false;
    this.#results.push({
      device,
      status,
      check,
      fulfilled,
      report: edges[0]?.report ?? null,
      reports: this.#rests(edges),
    });
  }

  async all(): Promise<TraceSummaries> {
    return {
      registry: await registryOf(this.#state),
      asOf: this.#asOf,
      heartbeats: [...this.#heartbeats.values()].sort((a, b) => (a.institute < b.institute ? -1 : 1)),
      digests: [...this.#places.keys()],
      results: this.#results,
    };
  }

  #rests(edges: readonly Edge[]): readonly number[] {
    const digests = edges.flatMap(({ digest }) => (digest === null ? [] : [digest]));
    return [...new Set(digests)].map((digest) => this.#placeOf(digest));
  }

  #placeOf(digest: string): number {
    const place = this.#places.get(digest) ?? this.#places.size;
    this.#places.set(digest, place);
    return place;
  }
}
