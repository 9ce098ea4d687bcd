import { msp, type common } from '@hyperledger/fabric-protos';
import { ChannelError } from '../channel/errors.js';
import { parsePolicy } from '../channel/policy.js';

/** The policy of a channel by which whatever is written there is endorsed, unless its chaincode has another one. */
export const CHANNEL_ENDORSEMENT = '/Channel/Application/Endorsement';

/** Policies of every channel that ask for endorsements, and may stand in the place of one. */
const CHANNEL_POLICIES = [CHANNEL_ENDORSEMENT, '/Channel/Application/LifecycleEndorsement'];

/**
 * Reads an endorsement policy: in Fabric's signature policy language, or the path of one of the channel's own.
 * @returns Why it cannot be right, or the MSP ids that it names.
 */
export function readPolicyText(policy: string): { readonly problem: string } | { readonly mspIds: readonly string[] } {
  if (policy.startsWith('/')) {
    return CHANNEL_POLICIES.includes(policy)
      ? { mspIds: [] }
      : { problem: `is the path of no policy for endorsements: those are ${CHANNEL_POLICIES.join(' and ')}` };
  }
  try {
    const envelope = parsePolicy(policy);
    const roles = envelope.getIdentitiesList().map((named) => msp.MSPRole.deserializeBinary(named.getPrincipal_asU8()));
    const problem = oddGate(envelope.getRule()) ?? noPeer(roles);
    return problem === undefined ? { mspIds: [...new Set(roles.map((role) => role.getMspIdentifier()))] } : { problem };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    return { problem: error.message.replace(/^The signature policy /, '').replace(/\.$/, '') };
  }
}

/** Fabric takes "none of these" for what everybody fulfils, and "more than there are" for what nobody can. */
function oddGate(rule: common.SignaturePolicy | undefined): string | undefined {
  const gate = rule?.getNOutOf();
  if (gate === undefined) return undefined;
  const rules = gate.getRulesList();
  if (gate.getN() < 1) return 'asks for 0 endorsements somewhere, which anybody could give';
  if (gate.getN() > rules.length) return `asks for ${gate.getN()} of ${rules.length} somewhere, which nobody can give`;
  return rules.map(oddGate).find((odd) => odd !== undefined);
}

/** Whose certificate says something else than peer has not simulated what it would vouch for. */
function noPeer(roles: readonly msp.MSPRole[]): string | undefined {
  const mspId = roles.find((role) => role.getRole() !== msp.MSPRole.MSPRoleType.PEER)?.getMspIdentifier();
  return mspId === undefined
    ? undefined
    : `names others than peers of "${mspId}"; only peers endorse: write '${mspId}.peer'`;
}
