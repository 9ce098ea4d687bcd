import { Members, type Member } from '../identity/index.js';
import { bftQuorum, readMsps, tolerated } from '../policy/index.js';
import {
  Capabilities,
  Config,
  ConsensusType,
  Orderers as OrderersValue,
  POLICY_TYPE,
  PRINCIPAL,
  sameBytes,
  SerializedIdentity,
  SignaturePolicyEnvelope,
  type ConfigGroup,
  type Consenter,
} from '../wire/index.js';
import { BlockError } from './errors.js';

/** The capability of a channel whose blocks carry the signatures of a Byzantine quorum. */
const BFT_CAPABILITY = 'V3_0';

/** The orderers of a channel, and how many of their signatures a block needs. */
export interface Orderers {
  readonly consenters: number;
  /** Signatures of different consenters that a block must have. */
  readonly required: number;
  /** How many consenters may be faulty; none if there are three or fewer. */
  readonly tolerated: number;
  /**
   * The consenter with this number, if it exists and its MSP vouches for it. The expiry of its certificate does not matter.
   */
  consenter(id: number): Member | undefined;
}

/**
 * Reads the orderers of a channel from a serialised `common.Config`. The policy of its blocks must be exactly the one that
 * follows from the list of consenters: an older or a changed configuration might require only one signature.
 * @throws BlockError WRONG_CONFIG
 */
export function readOrderers(config: Uint8Array): Orderers {
  const channel = channelOf(config);
  checkIsBft(channel);
  const list = consentersOf(channel);
  checkPolicy(channel, list);
  const members = new Members(inConfig('The MSPs cannot be read', () => readMsps(channel)));
  const byId = new Map(list.map((consenter) => [consenter.id, vouchedFor(consenter, members)]));
  const identities = [...byId.values()].flatMap((member) => (member ? [identityOf(member)] : []));
  if (byId.size < list.length || new Set(identities).size < identities.length) {
    throw new BlockError('WRONG_CONFIG', 'Two consenters have the same number or the same identity.');
  }
  return {
    consenters: list.length,
    required: bftQuorum(list.length),
    tolerated: tolerated(list.length),
    consenter: (id) => byId.get(id),
  };
}

function checkIsBft(channel: ConfigGroup): void {
  const isBft = inConfig('The kind of consensus cannot be read', () => {
    const { capabilities } = Capabilities.decode(required(channel.values.get('Capabilities')).value);
    return (
      capabilities.has(BFT_CAPABILITY) && ConsensusType.decode(ordererValue(channel, 'ConsensusType')).type === 'BFT'
    );
  });
  if (!isBft) throw new BlockError('WRONG_CONFIG', 'The channel is not ordered by Byzantine consensus (V3_0, BFT).');
}

/** The consenters that a serialised `common.Config` lists, in its order. @throws BlockError WRONG_CONFIG if it lists none */
export function readConsenters(config: Uint8Array): readonly Consenter[] {
  return consentersOf(channelOf(config));
}

function channelOf(config: Uint8Array): ConfigGroup {
  return inConfig('The configuration cannot be read', () => required(Config.decode(config).channelGroup));
}

function consentersOf(channel: ConfigGroup): readonly Consenter[] {
  return inConfig('The list of consenters cannot be read', () => {
    const { consenterMapping } = OrderersValue.decode(ordererValue(channel, 'Orderers'));
    if (consenterMapping.length === 0) throw new Error('it is empty');
    return consenterMapping;
  });
}

function checkPolicy(channel: ConfigGroup, consenters: readonly Consenter[]): void {
  const policy = channel.groups.get('Orderer')?.policies.get('BlockValidation')?.policy;
  const expected = SignaturePolicyEnvelope.encode(blockValidation(consenters));
  if (policy?.type !== POLICY_TYPE.signature || !sameBytes(policy.value, expected)) {
    throw new BlockError(
      'WRONG_CONFIG',
      'The policy BlockValidation is not the quorum of the consenters that the configuration lists.',
    );
  }
}

/** The policy that Fabric's orderers generate, and the only one that they accept: this many of the listed identities. */
export function blockValidation(consenters: readonly Pick<Consenter, 'mspId' | 'identity'>[]): SignaturePolicyEnvelope {
  return {
    version: 0,
    rule: {
      signedBy: undefined,
      nOutOf: {
        n: bftQuorum(consenters.length),
        rules: consenters.map((_, signedBy) => ({ signedBy, nOutOf: undefined })),
      },
    },
    identities: consenters.map((consenter) => ({
      classification: PRINCIPAL.identity,
      principal: serializedIdentity(consenter),
    })),
  };
}

function vouchedFor(consenter: Consenter, members: Members): Member | undefined {
  try {
    return members.member(serializedIdentity(consenter));
  } catch {
    // As in Fabric: a consenter with a revoked certificate stays in the list but cannot sign.
    return undefined;
  }
}

function serializedIdentity({ mspId, identity }: Pick<Consenter, 'mspId' | 'identity'>): Uint8Array {
  return SerializedIdentity.encode({ mspId, idBytes: identity });
}

function identityOf({ mspId, certificate }: Member): string {
  return `${mspId}\0${certificate.fingerprint}`;
}

function ordererValue(channel: ConfigGroup, name: string): Uint8Array {
  return required(channel.groups.get('Orderer')?.values.get(name)).value;
}

function inConfig<T>(sentence: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new BlockError('WRONG_CONFIG', `${sentence}.`, { cause });
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a part is missing');
  return value;
}
