import type { common } from '@hyperledger/fabric-protos';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConfigSigner } from '../channel/index.js';
import { broadcast } from './broadcast.js';
import { changeConfig } from './changeConfig.js';
import { channelConfig } from './channelConfig.js';
import { AdminError } from './errors.js';
import type { NodeConnection } from './node.js';
import type { Signer } from './signer.js';

/** Time limit for one orderer to accept an update, and for the network to commit it, before the next orderer is tried. */
const ACCEPT_MS = 10_000;
const COMMIT_MS = 20_000;
/** Orderers learn of other updates before the witness does, and refuse this one because of them. */
const LAG_MS = 2000;
const POLL_MS = 100;

/** A peer, and an identity that it answers. */
export interface Witness {
  readonly connection: NodeConnection;
  readonly admin: Signer;
}

export interface ChannelChange {
  readonly channel: string;
  /** Makes the wanted configuration from the current one; applied to its own result, it must change nothing. */
  readonly wanted: (current: common.Config) => common.Config;
  /** Administrators of members and of orderers who may be asked to sign. */
  readonly admins: readonly ConfigSigner[];
  /** A peer that is in the channel before and after; it reports the configuration. */
  readonly witness: Witness;
  readonly orderers: readonly NodeConnection[];
}

/**
 * Changes a running channel's configuration to the one wanted, by updates that its administrators sign, and waits until the
 * witness has committed it.
 *
 * @returns How many signatures it took; 0 when the channel was as wanted.
 * @throws ChannelError `UPDATE_REFUSED` when those who could sign do not suffice; AdminError when the network refuses.
 */
export function changeChannel(change: ChannelChange): Promise<number> {
  const { channel, wanted, admins, witness } = change;
  return changeConfig({
    channel,
    wanted,
    admins,
    current: () => channelConfig(witness.connection, witness.admin, channel),
    submit: ({ envelope, sequence }) => submitUpdate(change, envelope, sequence),
  });
}

/** Resolves when a peer has a channel's configuration of this sequence or a later one. @throws AdminError `TIMEOUT` */
export async function configReached(
  { connection, admin }: Witness,
  channel: string,
  sequence: number,
  timeoutMs = COMMIT_MS,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await has(connection, admin, channel, sequence))) {
    if (Date.now() > deadline) {
      throw new AdminError('TIMEOUT', `does not have configuration ${sequence} of ${channel}`, connection.name);
    }
    await pause(POLL_MS);
  }
}

/**
 * Resolves when the witness has a configuration of this sequence, which may come from another update. Uses one orderer at a time: each
 * would make its own configuration transaction, and only the first would commit.
 */
async function submitUpdate(
  { channel, witness, orderers }: ChannelChange,
  envelope: common.Envelope,
  sequence: number,
): Promise<void> {
  let refusal: AdminError | undefined;
  let failure = new AdminError('BAD_INPUT', 'No orderer was named to send the update to.');
  for (const orderer of orderers) {
    try {
      await broadcast(envelope, [orderer], ACCEPT_MS);
      await configReached(witness, channel, sequence);
      return;
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      // An orderer that was tried before may still have done it.
      if (await has(witness.connection, witness.admin, channel, sequence)) return;
      // An orderer that is behind refuses because of an old configuration: do not let it block the update.
      if (error.code === 'REFUSED') refusal ??= error;
      failure = error;
    }
  }
  await configReached(witness, channel, sequence, LAG_MS).catch(() => {
    throw refusal ?? failure;
  });
}

/** False also while the peer refuses the signer's query because it does not know yet that the signer is a member. */
async function has(connection: NodeConnection, admin: Signer, channel: string, sequence: number): Promise<boolean> {
  try {
    const config = await channelConfig(connection, admin, channel);
    return config.getSequence() >= sequence;
  } catch (error) {
    if (error instanceof AdminError) return false;
    throw error;
  }
}
