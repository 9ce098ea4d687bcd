import type { TraceSummaries, TraceSummary } from '../contracts/index.js';
import { RegistryError } from '../model/index.js';
import type { Instant } from '../model/index.js';
import { registryOf } from '../trace/open/index.js';
import { Budget, traceCal, traceOptions } from '../trace/index.js';
import type { Edge, HeartbeatSeen, RecordSource } from '../trace/index.js';

/** Most edges of all these traces together: limits the work, and the answer to about 2 MB. */
const MAX_EDGES_IN_ALL = 20_000;

/**
 * Traces many devices over the same records, each as a single trace would find it.
 *
 * @throws RegistryError `INPUT_INVALID` if that is more work than one question may ask for
 */
export async function summariesOf(
  source: RecordSource,
  devices: readonly string[],
  asOf: Instant,
): Promise<TraceSummaries> {
  const summaries = new Summaries(source, asOf);
  for (const device of devices) {
    await summaries.add(device);
  }
  return summaries.all();
}

class Summaries {
  readonly #source: RecordSource;
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

  constructor(source: RecordSource, asOf: Instant) {
    this.#source = source;
    this.#asOf = asOf;
  }

  async add(device: string): Promise<void> {
    const budget = new Budget(this.#budget);
    const verdict = await traceCal(this.#source, device, traceOptions({ asOf: this.#asOf }), budget);
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
      registry: await registryOf(this.#source),
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
