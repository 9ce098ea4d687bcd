import type { ConfigElement } from '@tracecal/ledger/config';
import { bftQuorum } from '@tracecal/ledger/policy';
import { MSP_ROLE, Orderers, POLICY_TYPE, SignaturePolicyEnvelope, type Consenter } from '@tracecal/ledger/wire';
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
const ORDERERS = 'Channel/Orderer/Orderers';

/** Whose peers count, if a proposal changes that: MSP ids. On the calibration level they are those of the institutes. */
export function endorsersOf({ effect }: Pick<Proposal, 'effect'>): Endorsers | undefined {
  const change = effect.changes.find(({ kind, path }) => kind === 'Policy' && path.join('/') === ENDORSEMENT);
  if (change?.after?.kind !== 'Policy') return undefined;
  const needed = neededBy(change.after);
  return needed === undefined ? undefined : { before: peersIn(change.before), after: peersIn(change.after), needed };
}

/** What the members have to do besides signing, in plain words. */
export function consequences(proposal: Pick<Proposal, 'effect'>): readonly string[] {
  return [...ofEndorsers(endorsersOf(proposal)), ...ofOrderers(proposal)];
}

function ofEndorsers(endorsers: Endorsers | undefined): readonly string[] {
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

function ofOrderers({ effect }: Pick<Proposal, 'effect'>): readonly string[] {
  const change = effect.changes.find(({ kind, path }) => kind === 'Value' && path.join('/') === ORDERERS);
  const [before, after] = [consentersIn(change?.before), consentersIn(change?.after)];
  const [come, gone] = [namesIn(after, before), namesIn(before, after)];
  if (come.length + gone.length === 0) return [];
  return [
    `A block needs ${bftQuorum(after.length)} of these ${after.length} orderers afterwards: ${after.map(({ mspId }) => mspId).join(', ')}.`,
    ...come.map(
      (mspId) =>
        `The orderer of ${mspId} counts from then on: invite its member at once (member invite), and stop no other one before it runs.`,
    ),
    ...gone.map((mspId) => `The orderer of ${mspId} does not count any more: its member stops it afterwards.`),
  ];
}

function consentersIn(element: ConfigElement | undefined): readonly Consenter[] {
  return element?.kind === 'Value' ? Orderers.decode(element.message.value).consenterMapping : [];
}

function namesIn(these: readonly Consenter[], others: readonly Consenter[]): readonly string[] {
  return these.map(({ mspId }) => mspId).filter((mspId) => !others.some((each) => each.mspId === mspId));
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
