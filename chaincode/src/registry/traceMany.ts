import { z } from 'zod';
import { identifier, instant } from '../contract/index.js';
import { parseAs, RegistryError } from '../model/index.js';
import type { Instant } from '../model/index.js';
import { decisiveFinding, traceCal, traceOptions } from '../trace/index.js';
import type { Edge, HeartbeatSeen, Verdict } from '../trace/index.js';
import { MAX_DEVICES } from './api.js';
import type { TraceSummaries, TraceSummary } from './api.js';
import type { StateReader } from './state.js';

/** Most edges that their traces may have between them: bounds the work, and the answer to about 2 MB. */
const MAX_EDGES_IN_ALL = 20_000;
const LIMITS = { maxLength: 131_072, maxDepth: 4 };

const schema = z.strictObject({
  devices: z
    .array(identifier)
    .min(1)
    .max(MAX_DEVICES)
    .refine((devices) => new Set(devices).size === devices.length, 'must not name a device twice'),
  asOf: instant.optional(),
});

/** Traces many devices over the same records, each of which is read once; as of the transaction's time unless given. */
export async function traceMany(state: StateReader, json: string): Promise<TraceSummaries> {
  const { devices, asOf = state.now } = parseAs(schema, 'question', json, LIMITS);
  const summaries = new Summaries(state, asOf);
  await state.foresee({ devices, organisations: [], roots: [] });
  for (const device of devices) {
    await summaries.add(device);
  }
  return summaries.all();
}

class Summaries {
  readonly #state: StateReader;
  readonly #asOf: Instant;
  readonly #results: TraceSummary[] = [];
  /** Digests, and where they stand in the answer. */
  readonly #places = new Map<string, number>();
  readonly #heartbeats = new Map<string, HeartbeatSeen>();
  #edges = 0;

  constructor(state: StateReader, asOf: Instant) {
    this.#state = state;
    this.#asOf = asOf;
  }

  async add(device: string): Promise<void> {
    const verdict = await traceCal(this.#state, device, traceOptions({ asOf: this.#asOf }));
    this.#edges += verdict.edges.length;
    if (this.#edges > MAX_EDGES_IN_ALL) {
      throw new RegistryError(
        'INPUT_INVALID',
        `the traces of these devices have more than ${MAX_EDGES_IN_ALL} edges: ask about fewer devices at once.`,
      );
    }
    for (const heartbeat of verdict.heartbeats) {
      this.#heartbeats.set(heartbeat.nmi, heartbeat);
    }
    const { status, edges } = verdict;
    const check = decisiveCheck(verdict);
    this.#results.push({ device, status, check, report: edges[0]?.report ?? null, reports: await this.#rests(edges) });
  }

  all(): TraceSummaries {
    return {
      registry: this.#state.registry,
      asOf: this.#asOf,
      heartbeats: [...this.#heartbeats.values()].sort((a, b) => (a.nmi < b.nmi ? -1 : 1)),
      digests: [...this.#places.keys()],
      results: this.#results,
    };
  }

  async #rests(edges: readonly Edge[]): Promise<readonly number[]> {
    const places = new Set<number>();
    for (const { device, report, amendedBy } of edges) {
      const file = device === null ? undefined : await this.#state.device(device);
      for (const id of [report, amendedBy]) {
        const found = id !== null && file && Object.hasOwn(file.reports, id) ? file.reports[id] : undefined;
        if (found) {
          places.add(this.#placeOf(found.digest));
        }
      }
    }
    return [...places];
  }

  #placeOf(digest: string): number {
    const place = this.#places.get(digest) ?? this.#places.size;
    this.#places.set(digest, place);
    return place;
  }
}

function decisiveCheck({ findings, edges }: Verdict) {
  return decisiveFinding([...findings, ...edges.flatMap((edge) => edge.findings)])?.check ?? null;
}
