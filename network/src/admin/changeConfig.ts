import type { common } from '@hyperledger/fabric-protos';
import type { ConfigSigner } from '../channel/index.js';
import { agreeOnUpdate, type AgreedUpdate } from './consent.js';
import { AdminError } from './errors.js';

/** How often an update is made again because another one was committed first. */
const ATTEMPTS = 10;

export interface ConfigChange {
  readonly channel: string;
  /** The channel's present configuration. */
  readonly current: () => Promise<common.Config>;
  /** Makes the wanted configuration from the current one; applied to its own result, it must change nothing. */
  readonly wanted: (current: common.Config) => common.Config;
  /** Administrators who may be asked to sign, those of the channel's writers first. */
  readonly admins: readonly ConfigSigner[];
  /** Sends an update to the orderers, and waits until the channel's configuration has its sequence. */
  readonly submit: (update: AgreedUpdate) => Promise<void>;
}

/**
 * Updates a channel's configuration until it equals the wanted one. Reaching a sequence proves nothing: any member can get an update of its
 * own group committed first.
 *
 * @returns The number of signatures used; 0 if nothing had to change.
 * @throws ChannelError `UPDATE_REFUSED` when the available signers do not suffice; AdminError `CONTENDED` when other updates were first
 * every time; the error of `submit` when the configuration did not change
 */
export async function changeConfig({ channel, current, wanted, admins, submit }: ConfigChange): Promise<number> {
  let config = await current();
  let signatures = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const agreed = await agreeOnUpdate(channel, config, wanted(config), admins);
    if (agreed === undefined) return signatures;
    const [outcome] = await Promise.allSettled([submit(agreed)]);
    const next = await current();
    if (outcome.status === 'rejected' && next.getSequence() === config.getSequence()) throw outcome.reason;
    signatures = agreed.signatures;
    config = next;
  }
  // The last update may have been committed.
  if ((await agreeOnUpdate(channel, config, wanted(config), admins)) === undefined) return signatures;
  throw new AdminError(
    'CONTENDED',
    `The configuration of ${channel} was not changed: members changed their own parts ${ATTEMPTS} times meanwhile. Try again, or remove the member that goes on changing its part.`,
  );
}
