import { setTimeout as delay } from 'node:timers/promises';
import type { Contract, Proposal, ProposalOptions, Transaction } from '@hyperledger/fabric-gateway';
import type { TraceCalError } from './errors.js';
import type { ClientLimits } from './limits.js';

/** The pause before the first new try; each one after that is twice as long, because a slow peer needs more than a moment. */
const FIRST_PAUSE_MS = 50;

/** When a call has to end, in milliseconds since 1970, and what its failures mean. */
interface EndorsementCall {
  readonly deadline: number;
  readonly failed: (error: unknown, txId: string) => TraceCalError;
}

/**
 * Has a transaction endorsed as the gateway plans it. Peers that are a block apart come to different results, which the next
 * moment cures: then a fresh proposal is made, as often as the limits allow and before the deadline.
 * @throws TraceCalError as the call's failure; the transaction certainly was not applied, for nothing went to the orderers
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
    const late = Date.now() + pause >= deadline;
    if (outcome.failure.code !== 'ENDORSEMENTS_DIFFER' || attempt >= endorseRetries || late) {
      throw outcome.failure;
    }
    await delay(pause);
  }
}

/**
 * Has a transaction endorsed by these organisations, all at once and nobody else; undefined if that did not succeed, for
 * whatever reason: the gateway's own plan knows better, or says why not. Nothing went to the orderers.
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
    return { transaction: await proposal.endorse({ deadline }) };
  } catch (error) {
    return { failure: failed(error, proposal.getTransactionId()) };
  }
}
