import { hasChanges } from '@tracecal/ledger/config';
import type { Config } from '@tracecal/ledger/wire';
import { ProposalError } from './errors.js';
import { isBase, type Proposal } from './proposal.js';

/**
 * How a channel stands to a proposal:
 * - `open`: it has the configuration for which the proposal was made.
 * - `applied`: every change of the proposal is in it.
 * - `stale`: it has another one, so that the proposal is made anew.
 */
export type ProposalState = 'open' | 'applied' | 'stale';

export function stateOf(proposal: Proposal, current: Config): ProposalState {
  if (isBase(proposal, current)) return 'open';
  const isLater = current.sequence > proposal.config.sequence;
  return isLater && hasChanges(current, proposal.effect.changes) ? 'applied' : 'stale';
}

/** @throws ProposalError `STALE` */
export function requireCurrent(proposal: Proposal, current: Config): void {
  if (stateOf(proposal, current) === 'open') return;
  const { channel, config } = proposal;
  const which =
    config.sequence === current.sequence
      ? `another configuration ${current.sequence}`
      : `configuration ${current.sequence}`;
  throw new ProposalError(
    'STALE',
    `The proposal was made for configuration ${config.sequence} of ${channel}, which has ${which} now: create it anew.`,
  );
}
