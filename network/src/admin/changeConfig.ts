import type { common } from '@hyperledger/fabric-protos';
import type { ConfigSigner } from '../channel/index.js';
import { agreeOnUpdate, type AgreedUpdate } from './consent.js';
import { AdminError } from './errors.js';

/** How often an update is made anew because another one was committed in its place. */
const ATTEMPTS = 10;

export interface ConfigChange {
  readonly channel: string;
  /** The channel's present configuration. */
  readonly current: () => Promise<common.Config>;
  /** The configuration that the channel shall have, made from the one that it has; of its own result it leaves all as it is. */
  readonly wanted: (current: common.Config) => common.Config;
  /** Administrators who may be asked to sign, those of the channel's writers first. */
  readonly admins: readonly ConfigSigner[];
  /** Hands an update to the orderers, and waits until the channel has a configuration of its sequence. */
  readonly submit: (update: AgreedUpdate) => Promise<void>;
}

/**
 * Updates a channel's configuration until it says what is wanted. That a sequence was reached proves nothing: any member can
 * have an update of its own group committed in the place of this one.
 *
 * @returns How many signatures it took; 0 when the channel was as wanted.
 * @throws ChannelError `UPDATE_REFUSED` when those who could sign do not suffice; AdminError `CONTENDED` when others were first
 * every time; what `submit` throws when the configuration has stayed as it was
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
  // The last one may have been committed.
  if ((await agreeOnUpdate(channel, config, wanted(config), admins)) === undefined) return signatures;
  throw new AdminError(
    'CONTENDED',
    `The configuration of ${channel} was not changed: members changed their own parts ${ATTEMPTS} times meanwhile. Try again, or remove the member that goes on changing its part.`,
  );
}
