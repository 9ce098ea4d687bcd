import { parsePolicy, PolicyError } from '@tracecal/ledger/policy';
import { MSP_ROLE, MspRole, type SignaturePolicy } from '@tracecal/ledger/wire';

/** The channel policy that endorses everything written there, unless the chaincode has another one. */
export const CHANNEL_ENDORSEMENT = '/Channel/Application/Endorsement';

/** Channel policies that require endorsements, so that a chaincode may refer to them. */
const CHANNEL_POLICIES = [CHANNEL_ENDORSEMENT, '/Channel/Application/LifecycleEndorsement'];

/**
 * Reads an endorsement policy: in Fabric's signature policy language, or as the path of a channel policy.
 *
 * @param by Whom it may name: peers alone, or also members, as Fabric's own samples do, which every peer is one of.
 * @returns Why it is wrong, or the MSP ids that it names.
 */
export function readPolicyText(
  policy: string,
  by: 'peers' | 'members' = 'peers',
): { readonly problem: string } | { readonly mspIds: readonly string[] } {
  if (policy.startsWith('/')) {
    return CHANNEL_POLICIES.includes(policy)
      ? { mspIds: [] }
      : { problem: `is the path of no policy for endorsements: those are ${CHANNEL_POLICIES.join(' and ')}` };
  }
  try {
    const { rule, identities } = parsePolicy(policy);
    const roles = identities.map(({ principal }) => MspRole.decode(principal));
    const problem = oddGate(rule) ?? noPeer(roles, by);
    return problem === undefined ? { mspIds: [...new Set(roles.map((role) => role.mspIdentifier))] } : { problem };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { problem: error.message.replace(/^The signature policy /, '').replace(/\.$/, '') };
  }
}

/** In Fabric, "0 of these" is satisfied by everybody, and "more than there are" by nobody. */
function oddGate(rule: SignaturePolicy | undefined): string | undefined {
  if (rule?.nOutOf === undefined) return undefined;
  const { n, rules } = rule.nOutOf;
  if (n < 1) return 'asks for 0 endorsements somewhere, which anybody could give';
  if (n > rules.length) return `asks for ${n} of ${rules.length} somewhere, which nobody can give`;
  return rules.map(oddGate).find((odd) => odd !== undefined);
}

/** Only a peer simulates transactions, so other roles cannot endorse. */
function noPeer(roles: readonly MspRole[], by: 'peers' | 'members'): string | undefined {
  const good: readonly number[] = by === 'members' ? [MSP_ROLE.peer, MSP_ROLE.member] : [MSP_ROLE.peer];
  const mspId = roles.find(({ role }) => !good.includes(role))?.mspIdentifier;
  return mspId === undefined
    ? undefined
    : `names roles other than the peers of "${mspId}"; only peers endorse: write '${mspId}.peer'`;
}
