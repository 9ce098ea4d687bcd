import { parsePolicy, PolicyError } from '@tracecal/ledger/policy';
import { MSP_ROLE, MspRole, type SignaturePolicy } from '@tracecal/ledger/wire';

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
    const { rule, identities } = parsePolicy(policy);
    const roles = identities.map(({ principal }) => MspRole.decode(principal));
    const problem = oddGate(rule) ?? noPeer(roles);
    return problem === undefined ? { mspIds: [...new Set(roles.map((role) => role.mspIdentifier))] } : { problem };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { problem: error.message.replace(/^The signature policy /, '').replace(/\.$/, '') };
  }
}

/** Fabric takes "none of these" for what everybody fulfils, and "more than there are" for what nobody can. */
function oddGate(rule: SignaturePolicy | undefined): string | undefined {
  if (rule?.nOutOf === undefined) return undefined;
  const { n, rules } = rule.nOutOf;
  if (n < 1) return 'asks for 0 endorsements somewhere, which anybody could give';
  if (n > rules.length) return `asks for ${n} of ${rules.length} somewhere, which nobody can give`;
  return rules.map(oddGate).find((odd) => odd !== undefined);
}

/** Whose certificate says something else than peer has not simulated what it would vouch for. */
function noPeer(roles: readonly MspRole[]): string | undefined {
  const mspId = roles.find(({ role }) => role !== MSP_ROLE.peer)?.mspIdentifier;
  return mspId === undefined
    ? undefined
    : `names others than peers of "${mspId}"; only peers endorse: write '${mspId}.peer'`;
}
