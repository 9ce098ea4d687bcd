import { status } from '@grpc/grpc-js';
import { ProposalRefused, type Endorser, type EndorserAnswer, type UnpackedProposal } from '../peer/index.js';
import { RpcError, type Caller, type ErrorDetail } from '../rpc/index.js';

/** Result of asking one endorser: its answer, or its failure, how to report that, and whether another endorser may succeed. */
export type Attempt =
  | { readonly ok: true; readonly answer: EndorserAnswer }
  | { readonly ok: false; readonly code: status; readonly detail: ErrorDetail; readonly retry: boolean };

/**
 * Asks one endorser. As in Fabric's gateway, failures are classified by who failed: the client, the chaincode or the peer.
 * @throws RpcError when the caller has gone: no other endorser is asked then
 */
export async function attempt(
  endorser: Endorser,
  local: Endorser,
  proposal: UnpackedProposal,
  endorse: boolean,
  caller: Caller,
): Promise<Attempt> {
  const failed = (code: status, message: string, retry: boolean): Attempt => ({
    ok: false,
    code,
    retry,
    detail: { address: endorser.address, mspId: endorser.mspId, message },
  });
  try {
    const answer = await endorser.process(proposal, endorse, caller);
    if (caller.gone.aborted) throw new RpcError(status.CANCELLED, 'context canceled');
    const code = answer.response.getStatus();
    const message = answer.response.getMessage();
    if (code >= 200 && code < 400) return { ok: true, answer };
    if (answer.payload === undefined && code === 500) return failed(status.ABORTED, message, true);
    return failed(status.UNKNOWN, `chaincode response ${code}, ${message}`, false);
  } catch (error) {
    if (!(error instanceof ProposalRefused)) throw error;
    // Only the local endorser's refusal reaches the gateway as a refusal; another peer's is a failed call like any other.
    if (endorser !== local) {
      return failed(status.UNAVAILABLE, `rpc error: code = Unknown desc = ${error.message}`, true);
    }
    return error.by === 'endorser'
      ? failed(status.FAILED_PRECONDITION, error.message, false)
      : failed(status.UNAVAILABLE, error.message, true);
  }
}

/** The time limit that a real gateway gives the call of another peer ended. */
const LATE = 'rpc error: code = DeadlineExceeded desc = context deadline exceeded';

/**
 * Asks another peer's endorser for an evaluation, and waits no longer than a real gateway does.
 * @throws RpcError when the caller has gone
 */
export async function attemptWithin(
  timeoutMs: number,
  endorser: Endorser,
  local: Endorser,
  proposal: UnpackedProposal,
  caller: Caller,
): Promise<Attempt> {
  // The time of its chaincode's start does not count: on a real peer the chaincode runs already.
  await endorser.prepare(proposal, caller);
  const late = AbortSignal.timeout(timeoutMs);
  const impatient: Caller = { gone: AbortSignal.any([caller.gone, late]), checked: caller.checked };
  try {
    return await attempt(endorser, local, proposal, false, impatient);
  } catch (error) {
    if (caller.gone.aborted || !late.aborted) throw error;
    const { address, mspId } = endorser;
    return { ok: false, code: status.UNAVAILABLE, retry: true, detail: { address, mspId, message: LATE } };
  }
}
