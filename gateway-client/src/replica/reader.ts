import type { EvidenceAnswer, TraceSummaries } from '@tracecal/core/contracts';
import { instantOf, printable, RegistryError } from '@tracecal/core/model';
import type { Epoch, HeartbeatRecord, Instant, Subject, SubjectKind } from '@tracecal/core/model';
import { registryOf } from '@tracecal/core/open';
import { keys, summariesOf } from '@tracecal/core/registry';
import { evidenceFor, traceOptions } from '@tracecal/core/trace';
import type { Verdict } from '@tracecal/core/trace';
import { idsShape, questionShape, requireOptions, requireShape } from '../client/arguments.js';
import { ofRegistry } from '../client/asAsked.js';
import { TraceCalError } from '../client/errors.js';
import type { TraceQuestion } from '../client/index.js';
import { traceHere } from '../client/traceHere.js';
import { registryMeant, traceOptionsOf } from '../client/traceQuestion.js';
import { keptBlock } from './keptBlock.js';
import type { CheckedBlock } from './keptBlock.js';
import { ReplicaRecords } from './records.js';
import type { RegistryRecords } from './records.js';
import { requirePlace } from './place.js';
import type { Place } from './place.js';
import type { Store } from './store.js';

/**
 * The registry, as a replica holds it. It asks nobody: no answer leaves or needs this machine. It knows what the ledger held when the
 * replica last followed it, so ask with `maxAgeSeconds`: heartbeats show how old that is.
 */
export class ReplicaReader {
  readonly #store: Store;
  readonly #records: ReplicaRecords;

  constructor(store: Store, chaincode: string) {
    this.#store = store;
    this.#records = new ReplicaRecords(chaincode);
  }

  /**
   * Does this device's calibration trace, unbroken, to a National Metrology Institute?
   *
   * @param deviceId - The whole id: `lab-alpha/sensor-17`.
   * @throws TraceCalError `NOT_FOUND` if no such device is registered, `INPUT_INVALID`, `TRUST_INVALID`; `REPLICA_MISSING`, `REPLICA_IN_USE`,
   * `REPLICA_DAMAGED`
   */
  async traceCal(deviceId: string, question: TraceQuestion = {}): Promise<Verdict> {
    requireOptions(questionShape, 'question', question);
    const found = await this.#ask(({ source }) =>
      traceHere(source, deviceId, traceOptionsOf(question), question.disclosures),
    );
    const verdict = ofRegistry(registryMeant(question), found);
    if (verdict.requirements === null && verdict.knownAt === null) {
      throw new TraceCalError('NOT_FOUND', `No device ${printable(deviceId)} is registered.`);
    }
    return verdict;
  }

  /** Traces many devices at one moment, over the same records, without their evidence. @throws TraceCalError `INPUT_INVALID` */
  async traceMany(deviceIds: readonly string[], asOf: Instant = instantOf(Date.now())): Promise<TraceSummaries> {
    requireShape(idsShape, 'list of devices', deviceIds);
    return this.#ask(({ source }) => summariesOf(source, deviceIds, asOf));
  }

  /** The records that a trace reads: `bundleOf` puts them into a file. */
  async getEvidence(deviceId: string, question: TraceQuestion = {}): Promise<EvidenceAnswer> {
    requireOptions(questionShape, 'question', question);
    return this.#ask(async (records) => ({
      epoch: await epochIn(records),
      evidence: await evidenceFor(records.source, deviceId, traceOptions(traceOptionsOf(question))),
    }));
  }

  /** The newest heartbeat of an institute; null if it never signed one. */
  getHeartbeat(institute: string): Promise<HeartbeatRecord | null> {
    return this.#ask(async ({ source }) => (await source.heartbeat(institute)) ?? null);
  }

  /** The open epoch. @throws TraceCalError `NOT_FOUND` before the founding */
  getEpoch(): Promise<Epoch> {
    return this.#ask(epochIn);
  }

  /** The registry: the channel and the digest of its founding. @throws TraceCalError `NOT_FOUND` before the founding */
  registry(): Promise<string> {
    return this.#ask(({ source }) => registryOf(source));
  }

  /** Registered devices that an id can name: the whole id, or the last part of one that an organisation has registered. */
  devicesNamed(given: string): Promise<readonly string[]> {
    return this.#ask(async ({ source, organisations }) => {
      const candidates = [given, ...(await organisations()).map((id) => `${id}/${given}`)];
      const found = await Promise.all(candidates.map(async (id) => ((await source.device(id)) ? [id] : [])));
      return found.flat();
    });
  }

  /** What an id can name: the whole id, or the last part of one that an organisation has registered. */
  subjectsNamed(given: string): Promise<readonly Subject<Exclude<SubjectKind, 'registry'>>[]> {
    return this.#ask(async ({ source, organisations }) => {
      const candidates = [given, ...(await organisations()).map((id) => `${id}/${given}`)];
      const found = await Promise.all(
        candidates.flatMap((id) =>
          (['report', 'device', 'person', 'organisation'] as const).map(async (kind) =>
            (await source[kind](id)) ? [{ kind, id }] : [],
          ),
        ),
      );
      return found.flat();
    });
  }

  /**
   * Whole blocks, the first one first, with the validity that the replica has found.
   *
   * @throws TraceCalError `REPLICA_WITHOUT_BLOCKS` if it was not begun with `keepBlocks`, `REPLICA_DAMAGED`
   */
  async *blocks(): AsyncGenerator<CheckedBlock, void, undefined> {
    const { height } = await this.place();
    let before = '';
    for (let number = 0; number < height; number += 1) {
      const block = await this.#store.use((database) => Promise.resolve(keptBlock(database, number, before)));
      yield block;
      before = block.hash;
    }
  }

  /** How far the replica had come when it last followed the channel. */
  place(): Promise<Place> {
    return this.#store.use((database) => Promise.resolve(requirePlace(database, this.#store.directory)));
  }

  /** Lets go of the replica. */
  close(): Promise<void> {
    return this.#store.close();
  }

  #ask<T>(question: (records: RegistryRecords) => Promise<T>): Promise<T> {
    return this.#store.use((database) =>
      database.atThisMoment(async (reads) => {
        const place = requirePlace(reads, this.#store.directory);
        return asClientError(question(this.#records.at(reads, place)));
      }),
    );
  }
}

async function epochIn({ read }: RegistryRecords): Promise<Epoch> {
  const epoch = await read<Epoch>(keys.epoch());
  if (epoch === undefined) throw new TraceCalError('NOT_FOUND', 'No registry is founded in this replica.');
  return epoch;
}

/** What a registry refuses, with the code and the sentence that its peers would answer. */
async function asClientError<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    if (!(cause instanceof RegistryError)) throw cause;
    throw new TraceCalError(cause.code, cause.message.slice(cause.code.length + 2), { cause });
  }
}
