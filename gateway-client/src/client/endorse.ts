import { setTimeout as delay } from 'node:timers/promises';
import type { Contract, Proposal, ProposalOptions, Transaction } from '@hyperledger/fabric-gateway';
import type { Deadline } from './deadline.js';
import type { TraceCalError } from './errors.js';
import type { ClientLimits } from './limits.js';
import { withinCall } from './signing.js';

/** The pause before the first retry; each later pause is twice as long, because a slow peer needs more time. */
const FIRST_PAUSE_MS = 50;

/** When a call must end, and what its failures mean. */
interface EndorsementCall {
  readonly deadline: Deadline;
  readonly failed: (error: unknown, txId: string) => TraceCalError;
}

/**
 * Requests endorsements as the gateway plans them. Peers that are one block apart produce different results, which resolves
 * itself after a moment: then a new proposal is made, as often as the limits allow and before the deadline.
 * @throws TraceCalError as the call's failure; the transaction certainly was not applied, because nothing was sent to the
 * orderers
 */
export async function endorse(
  contract: Contract,
  name: string,
  options: ProposalOptions,
  { deadline, endorseRetries, failed }: EndorsementCall & Pick<ClientLimits, 'endorseRetries'>,
): Promise<Transaction> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await endorseOnce(contract.newProposal(name, options), { deadline, failed });
    if ('transaction' in outcome) {
      return outcome.transaction;
    }
    const pause = FIRST_PAUSE_MS * 2 ** attempt;
    const late = pause >= deadline.leftMs;
    if (outcome.failure.code !== 'ENDORSEMENTS_DIFFER' || attempt >= endorseRetries || late) {
      throw outcome.failure;
    }
    await delay(pause);
  }
}

/**
 * Requests endorsements from exactly these organisations, all at once. Returns undefined if that failed for any reason: the
 * caller then uses the gateway's own plan, which may succeed or explains the failure. Nothing was sent to the orderers.
 */
export async function endorseBy(
  organisations: readonly string[],
  contract: Contract,
  name: string,
  options: ProposalOptions,
  call: EndorsementCall,
): Promise<Transaction | undefined> {
  const proposal = contract.newProposal(name, { ...options, endorsingOrganizations: [...organisations] });
  const outcome = await endorseOnce(proposal, call);
  return 'transaction' in outcome ? outcome.transaction : undefined;
}

async function endorseOnce(
  proposal: Proposal,
  { deadline, failed }: EndorsementCall,
): Promise<{ readonly transaction: Transaction } | { readonly failure: TraceCalError }> {
  try {
    return { transaction: await withinCall(deadline, () => proposal.endorse({ deadline: deadline.onCalendar })) };
  } catch (error) {
    return { failure: failed(error, proposal.getTransactionId()) };
  }
}
