import type { ConfigElement } from '@tracecal/ledger/config';
import { MSP_ROLE, POLICY_TYPE, SignaturePolicyEnvelope } from '@tracecal/ledger/wire';
import { rolesOf } from '../channel/policy.js';
import type { Proposal } from './proposal.js';

/** Whose peers a channel's transactions need, before and after a proposal. */
export interface Endorsers {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** How many of them, afterwards. */
  readonly needed: number;
}

const ENDORSEMENT = 'Channel/Application/Endorsement';

/** Whose peers count, if a proposal changes that: MSP ids. On the calibration level they are those of the institutes. */
export function endorsersOf({ effect }: Pick<Proposal, 'effect'>): Endorsers | undefined {
  const change = effect.changes.find(({ kind, path }) => kind === 'Policy' && path.join('/') === ENDORSEMENT);
  if (change?.after?.kind !== 'Policy') return undefined;
  const needed = neededBy(change.after);
  return needed === undefined ? undefined : { before: peersIn(change.before), after: peersIn(change.after), needed };
}

/** What the members have to do besides signing, in plain words. */
export function consequences(proposal: Pick<Proposal, 'effect'>): readonly string[] {
  const endorsers = endorsersOf(proposal);
  if (endorsers === undefined) return [];
  const { before, after, needed } = endorsers;
  return [
    `A transaction needs the peers of ${needed} of these ${after.length} afterwards: ${after.join(', ')}.`,
    ...after
      .filter((mspId) => !before.includes(mspId))
      .map(
        (mspId) =>
          `${mspId} counts from then on: invite it at once (member invite), and if it is an institute, admit it to the registry as soon as its peer runs (org add).`,
      ),
    ...before
      .filter((mspId) => !after.includes(mspId))
      .map(
        (mspId) =>
          `${mspId} does not count any more: if it was an institute, revoke it in the registry first (revoke organisation).`,
      ),
  ];
}

function peersIn(element: ConfigElement | undefined): readonly string[] {
  if (element?.kind !== 'Policy') return [];
  const peers = rolesOf(element.message).filter(({ role }) => role === MSP_ROLE.peer || role === MSP_ROLE.member);
  return [...new Set(peers.map(({ mspIdentifier }) => mspIdentifier))].sort();
}

/** Undefined for a policy that is not so many of some peers. */
function neededBy(element: ConfigElement): number | undefined {
  if (element.kind !== 'Policy') return undefined;
  const { policy } = element.message;
  if (policy?.type !== POLICY_TYPE.signature) return undefined;
  const { n, rules = [] } = SignaturePolicyEnvelope.decode(policy.value).rule?.nOutOf ?? {};
  return rules.every(({ signedBy }) => signedBy !== undefined) ? n : undefined;
}
