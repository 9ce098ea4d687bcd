import type { common } from '@hyperledger/fabric-protos';
import {
  applyConfigUpdate,
  ChannelError,
  computeConfigUpdate,
  configUpdateEnvelope,
  signConfigUpdate,
  type ConfigSigner,
} from '../channel/index.js';
import { accessFromConfig } from '@tracecal/ledger/policy';

/** An update of a channel's configuration with all the signatures that it needs. */
export interface AgreedUpdate {
  readonly envelope: common.Envelope;
  /** The sequence that the configuration will have. */
  readonly sequence: number;
  /** How many administrators had to sign. */
  readonly signatures: number;
}

type Signed = readonly [ConfigSigner, common.ConfigSignature];

/**
 * Computes the update from one configuration of a channel to another, and has it signed by as few administrators as the channel's policies
 * require. The current configuration determines who must sign, by the same rules as in an orderer.
 *
 * @param admins Administrators who may be asked, in this order.
 * @returns Undefined when both configurations are equal.
 * @throws ChannelError UPDATE_REFUSED when the signatures of all of them do not suffice.
 */
export async function agreeOnUpdate(
  channelId: string,
  current: common.Config,
  wanted: common.Config,
  admins: readonly ConfigSigner[],
): Promise<AgreedUpdate | undefined> {
  const update = difference(channelId, current, wanted);
  if (update === undefined) return undefined;
  const access = accessFromConfig(channelId, current.serializeBinary());
  // Administrators of the channel's writers come first, and only a writer may send the update to the orderers.
  const [submitter] = admins;
  const envelopeOf = (signed: readonly Signed[]): Promise<common.Envelope> => {
    if (submitter === undefined) throw new ChannelError('UPDATE_REFUSED', 'Nobody is there to sign the update.');
    const signatures = signed.map(([, signature]) => signature);
    return configUpdateEnvelope(channelId, update, signatures, submitter);
  };
  const apply = async (signed: readonly Signed[]) => applyConfigUpdate(access, await envelopeOf(signed));

  const signed = await Promise.all(
    admins.map(async (admin): Promise<Signed> => [admin, await signConfigUpdate(update, admin)]),
  );
  const next = await apply(signed);
  const needed = await leastOf(signed, apply);
  return {
    envelope: await envelopeOf(needed),
    sequence: next.getConfig()?.getSequence() ?? 0,
    signatures: needed.length,
  };
}

/** Drops every signature that the policies do not need. */
async function leastOf(
  signed: readonly Signed[],
  apply: (signed: readonly Signed[]) => Promise<unknown>,
): Promise<readonly Signed[]> {
  let needed = signed;
  for (const candidate of [...signed].reverse()) {
    const others = needed.filter((other) => other !== candidate);
    if (others.length > 0 && (await holds(apply(others)))) needed = others;
  }
  return needed;
}

async function holds(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof ChannelError && error.code === 'UPDATE_REFUSED') return false;
    throw error;
  }
}

function difference(channelId: string, current: common.Config, wanted: common.Config): Uint8Array | undefined {
  try {
    return computeConfigUpdate(channelId, current, wanted).serializeBinary();
  } catch (error) {
    if (error instanceof ChannelError && error.code === 'NO_CHANGE') return undefined;
    throw error;
  }
}
