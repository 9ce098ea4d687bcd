import { frozen, weigh } from '@tracecal/core/model';
import { Drawn } from '@tracecal/core/open';
import { utf8Text } from '@tracecal/core/platform';
import { key, nameOfKey, recordIn, recordsIn } from '@tracecal/core/registry';
import type { Key, ReadRecord } from '@tracecal/core/registry';
import type { RecordSource } from '@tracecal/core/trace';
import { sameVersion, stateKey } from '@tracecal/ledger/validation';
import type { Version } from '@tracecal/ledger/validation';
import type { Reads } from './database.js';
import type { Place } from './place.js';
import { decodeRecord } from './stateRecord.js';

interface Known {
  /** The height at which it was last compared with the state. */
  height: number;
  readonly version: Version | undefined;
  readonly value: unknown;
}

/** About 1 kB each. */
const MOST_KNOWN = 200_000;

/** The records of a registry in a replica. Remembers what it has parsed, as long as the state holds the same version. */
export class ReplicaRecords {
  readonly #chaincode: string;
  readonly #known = new Map<string, Known>();

  constructor(chaincode: string) {
    this.#chaincode = chaincode;
  }

  /** The records at one moment. */
  at(reads: Reads, { channel, height }: Place): RegistryRecords {
    // A record that cannot be read rejects, as from a peer: a trace waits for what it asked for.
    const read = (async (wanted: Key) => Promise.resolve(this.#lookUp(wanted, reads, height))) as ReadRecord;
    return {
      source: { ...recordsIn(channel, read), drawn: new Drawn() },
      read,
      organisations: () => this.#organisations(reads),
    };
  }

  #lookUp(wanted: Key, reads: Reads, height: number): unknown {
    const name = nameOfKey(wanted);
    const known = this.#known.get(name);
    if (known?.height === height) return known.value;
    const bytes = reads.get(stateKey(this.#chaincode, name));
    const stored = bytes && decodeRecord(bytes);
    if (known && sameVersion(known.version, stored?.version)) {
      known.height = height;
      return known.value;
    }
    const value = stored && parsed(stored.value, wanted);
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(name, { height, version: stored?.version, value });
    return value;
  }

  /** Ids of all organisations: an index of few entries. */
  async #organisations(reads: Reads): Promise<readonly string[]> {
    const prefix = nameOfKey(key('organisation'));
    const first = stateKey(this.#chaincode, prefix);
    const ids: string[] = [];
    for await (const [place] of reads.entries({ gte: first, lt: stateKey(this.#chaincode, `${prefix}\u{10ffff}`) })) {
      ids.push((utf8Text(place.subarray(first.length)) ?? '').split('\0')[0] ?? '');
    }
    return ids;
  }
}

export interface RegistryRecords {
  readonly source: RecordSource;
  readonly read: ReadRecord;
  /** Ids of the organisations. */
  readonly organisations: () => Promise<readonly string[]>;
}

function parsed(bytes: Uint8Array, wanted: Key): unknown {
  const record = frozen(recordIn(bytes, wanted));
  weigh(record, bytes.length);
  return record;
}
