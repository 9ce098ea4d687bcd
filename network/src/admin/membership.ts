import type { common } from '@hyperledger/fabric-protos';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConfigSigner } from '../channel/index.js';
import { broadcast } from './broadcast.js';
import { channelConfig } from './channelConfig.js';
import { agreeOnUpdate } from './consent.js';
import { AdminError } from './errors.js';
import type { NodeConnection } from './node.js';
import type { Signer } from './signer.js';

/** How long one orderer may take to accept an update, and the network to commit it, before the next one is asked. */
const ACCEPT_MS = 10_000;
const COMMIT_MS = 20_000;
const POLL_MS = 100;

/** A peer, and somebody whom it answers. */
export interface Witness {
  readonly connection: NodeConnection;
  readonly admin: Signer;
}

export interface ChannelChange {
  readonly channel: string;
  /** The configuration that the channel shall have, made from the one that it has. */
  readonly wanted: (current: common.Config) => common.Config;
  /** Administrators of members and of orderers who may be asked to sign. */
  readonly admins: readonly ConfigSigner[];
  /** A peer that is in the channel before and after; it says when the update is committed. */
  readonly witness: Witness;
  readonly orderers: readonly NodeConnection[];
}

/**
 * Changes a running channel's configuration to the one wanted, by an update that its administrators sign, and waits until
 * the witness has committed it.
 *
 * @returns How many signatures it took; 0 when the channel was as wanted.
 * @throws ChannelError `UPDATE_REFUSED` when those who could sign do not suffice; AdminError when the network refuses.
 */
export async function changeChannel(change: ChannelChange): Promise<number> {
  const { channel, wanted, admins, witness } = change;
  const config = await channelConfig(witness.connection, witness.admin, channel);
  const agreed = await agreeOnUpdate(channel, config, wanted(config), admins);
  if (agreed === undefined) return 0;
  await submitUpdate(change, agreed.envelope, agreed.sequence);
  return agreed.signatures;
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

/** One orderer at a time: each would make a configuration transaction of its own, and all but the first come to nothing. */
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
      // An orderer that was asked before may have done it all the same.
      if (await has(witness.connection, witness.admin, channel, sequence)) return;
      // One that is behind refuses by a configuration that is not in force any more: it has no veto.
      if (error.code === 'REFUSED') refusal ??= error;
      failure = error;
    }
  }
  throw refusal ?? failure;
}

/** False also while the peer does not let the signer ask: it does not know yet that he is a member. */
async function has(connection: NodeConnection, admin: Signer, channel: string, sequence: number): Promise<boolean> {
  try {
    const config = await channelConfig(connection, admin, channel);
    return config.getSequence() >= sequence;
  } catch (error) {
    if (error instanceof AdminError) return false;
    throw error;
  }
}
