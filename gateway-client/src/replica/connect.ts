import { existsSync } from 'node:fs';
import { z } from 'zod';
import { requireOptions } from '../client/arguments.js';
import { clientError } from '../client/errors.js';
import { DEFAULT_TIMEOUT_MS } from '../client/index.js';
import type { Trust } from '../client/index.js';
import { requireTrusted } from './pin.js';
import { requirePlace } from './place.js';
import { ReplicaReader } from './reader.js';
import { Store } from './store.js';

/** Where a replica is. */
export interface ReplicaOptions {
  /** The folder that `tracecal follow` or a {@link Follower} keeps. */
  readonly replica: string;
  /** The replica has to be of the channel that it names, and to have reached its configuration. */
  readonly trust?: Trust;
  /** `registry` if not given. */
  readonly chaincode?: string;
  /** How long to wait while another process writes the replica, in milliseconds: 10,000 by default. */
  readonly timeoutMs?: number;
}

const shape = z.strictObject({
  replica: z.string(),
  trust: z
    .looseObject({ roots: z.array(z.unknown()), heartbeats: z.unknown() }, 'must be what `readTrustFile` returns')
    .optional(),
  chaincode: z.string().optional(),
  timeoutMs: z.number().min(0).optional(),
});

/**
 * Opens a replica for questions. No socket is opened.
 *
 * @example
 * import { connect } from '@tracecal/gateway-client/replica';
 *
 * const tracecal = await connect({ replica: '/var/lib/tracecal/replica' });
 * const verdict = await tracecal.traceCal('lab-alpha/sensor-17', { roots, maxAgeSeconds: 86_400 });
 * await tracecal.close();
 *
 * @throws TraceCalError `INPUT_INVALID`, `REPLICA_MISSING`, `REPLICA_IN_USE` or `REPLICA_DAMAGED`; with a trust `TRUST_INVALID`,
 * `OTHER_CHANNEL` and `REPLICA_BEHIND`
 */
export async function connect(options: ReplicaOptions): Promise<ReplicaReader> {
  requireOptions(shape, 'connection', options);
  const { replica, trust, chaincode = 'registry', timeoutMs: patienceMs = DEFAULT_TIMEOUT_MS } = options;
  if (!existsSync(replica)) throw clientError('REPLICA_MISSING', replica);
  const store = new Store({ directory: replica, patienceMs });
  await store.use((database) => {
    const place = requirePlace(database, replica);
    if (trust) requireTrusted(database, place, trust);
    return Promise.resolve();
  });
  return new ReplicaReader(store, chaincode);
}
