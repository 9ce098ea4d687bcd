import { status } from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import type { WrittenNamespace } from '../ledger/types.js';
import {
  MalformedProposal,
  payloadWithoutTransient,
  unpackProposal,
  type Endorser,
  type EndorserAnswer,
  type UnpackedProposal,
} from '../peer/index.js';
import { RpcError, type Caller, type ErrorDetail } from '../rpc/index.js';
import { attempt } from './attempt.js';
import { endorsersInOrder, type GatewayContext } from './context.js';
import { collectionMembers, countOf, isWithin, layoutsFor, NoLayout, type Layout } from './layouts.js';

function unpack(signedProposal: peer.SignedProposal | undefined): UnpackedProposal {
  if (!signedProposal || signedProposal.getProposalBytes_asU8().length === 0) {
    throw new RpcError(status.INVALID_ARGUMENT, 'the proposed transaction must contain a signed proposal');
  }
  try {
    return unpackProposal(signedProposal);
  } catch (error) {
    if (error instanceof MalformedProposal) throw new RpcError(status.INVALID_ARGUMENT, error.message);
    throw error;
  }
}

/**
 * Collects endorsements of one proposal: all results must be equal, byte for byte. Every endorser is asked once; of one organisation, one
 * after the other until enough have endorsed.
 */
class Collected {
  readonly details: ErrorDetail[] = [];
  readonly #endorsements = new Map<string, peer.Endorsement[]>();
  #unasked: readonly Endorser[];
  #payload: Uint8Array | undefined;

  constructor(endorsers: readonly Endorser[]) {
    this.#unasked = endorsers;
  }

  get payload(): Uint8Array {
    return this.#payload ?? new Uint8Array();
  }

  /** The organisations of a layout whose endorsements are missing; one appears as often as it has to endorse. */
  missing(layout: Layout): Layout {
    const present = new Map([...this.#endorsements].map(([mspId, endorsements]) => [mspId, endorsements.length]));
    return layout.filter((mspId) => {
      const count = present.get(mspId) ?? 0;
      present.set(mspId, count - 1);
      return count <= 0;
    });
  }

  possible(layout: Layout): boolean {
    return isWithin(
      this.missing(layout),
      this.#unasked.map(({ mspId }) => mspId),
    );
  }

  endorsementsOf(layout: Layout): peer.Endorsement[] {
    return [...new Set(layout)].flatMap((mspId) =>
      (this.#endorsements.get(mspId) ?? []).slice(0, countOf(layout, mspId)),
    );
  }

  /** The next endorser of an organisation, if one was not asked yet. From now on it counts as asked. */
  next(mspId: string): Endorser | undefined {
    const next = this.#unasked.find((endorser) => endorser.mspId === mspId);
    if (next) this.markAsked(next);
    return next;
  }

  markAsked(asked: Endorser): void {
    this.#unasked = this.#unasked.filter((endorser) => endorser !== asked);
  }

  /** Adds an answer. @returns Whether it equals the others. */
  add({ address, mspId }: Endorser, { payload, endorsement }: EndorserAnswer): boolean {
    if (!payload || !endorsement) return false;
    this.#payload ??= payload;
    if (Buffer.compare(this.#payload, payload) === 0) {
      this.#endorsements.set(mspId, [...(this.#endorsements.get(mspId) ?? []), endorsement]);
      return true;
    }
    this.details.push({ address, mspId, message: 'ProposalResponsePayloads do not match' });
    return false;
  }
}

/** Asks the endorsers of every organisation of a layout that has not endorsed yet; an organisation's next one if one fails. */
async function ask(
  context: GatewayContext,
  proposal: UnpackedProposal,
  missing: Layout,
  collected: Collected,
  caller: Caller,
): Promise<void> {
  await Promise.all(
    missing.map(async (mspId) => {
      for (let endorser = collected.next(mspId); endorser; endorser = collected.next(mspId)) {
        const outcome = await attempt(endorser, context.local, proposal, true, caller);
        if (!outcome.ok) collected.details.push(outcome.detail);
        else if (collected.add(endorser, outcome.answer)) return;
      }
    }),
  );
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function endorsersOf(context: GatewayContext, { channelId, chaincode }: UnpackedProposal): readonly Endorser[] {
  return endorsersInOrder(context).filter((endorser) => endorser.hasChaincode(channelId, chaincode));
}

function layoutForOrganisations(
  context: GatewayContext,
  proposal: UnpackedProposal,
  mspIds: readonly string[],
): Layout {
  const able = new Set(endorsersOf(context, proposal).map(({ mspId }) => mspId));
  const missing = mspIds.filter((mspId) => !able.has(mspId));
  if (missing.length > 0) {
    const names = missing.join(', ');
    throw new RpcError(status.UNAVAILABLE, `failed to find any endorsing peers for org(s): ${names}`);
  }
  return [...new Set(mspIds)];
}

const NO_COMBINATION = 'no combination of peers can be derived which satisfy the endorsement policy';

/** Possible endorsers, in the order to be tried: layouts with the first endorser's organisation come first. */
function planned(
  context: GatewayContext,
  proposal: UnpackedProposal,
  interest: readonly WrittenNamespace[],
  first: Endorser | undefined,
): readonly Layout[] {
  const { channelId, chaincode } = proposal;
  const ledger = context.local.channel(channelId)?.ledger;
  if (!ledger) {
    throw new RpcError(
      status.FAILED_PRECONDITION,
      `${NO_COMBINATION}: No metadata was found for chaincode ${chaincode} in channel ${channelId}`,
    );
  }
  try {
    const endorsers = [...context.endorsers];
    const present = endorsers.map(({ mspId }) => mspId);
    const all = layoutsFor(ledger, interest, (mspId) => countOf(present, mspId));
    const able = endorsers
      .filter((endorser) => interest.every(({ namespace }) => endorser.hasChaincode(channelId, namespace)))
      .map(({ mspId }) => mspId);
    const available = all.filter((layout) => layout.length > 0 && isWithin(layout, able));
    if (available.length === 0) throw new NoLayout('required chaincodes are not installed on sufficient peers');
    const trusted = trustedWithTransient(ledger, proposal, interest, available);
    const prefers = (layout: Layout): boolean => first !== undefined && layout.includes(first.mspId);
    return [...shuffled(trusted.filter(prefers)), ...shuffled(trusted.filter((layout) => !prefers(layout)))];
  } catch (error) {
    if (error instanceof NoLayout)
      throw new RpcError(status.FAILED_PRECONDITION, `${NO_COMBINATION}: ${error.message}`);
    throw error;
  }
}

/** Transient data goes only to members of the collections that it is for. */
function trustedWithTransient(
  ledger: Parameters<typeof collectionMembers>[0],
  proposal: UnpackedProposal,
  interest: readonly WrittenNamespace[],
  layouts: readonly Layout[],
): readonly Layout[] {
  const members = proposal.hasTransientData ? collectionMembers(ledger, interest) : undefined;
  if (!members) return layouts;
  const trusted = layouts.filter((layout) => layout.every((mspId) => members.has(mspId)));
  if (trusted.length > 0) return trusted;
  const names = interest.flatMap(({ collections }) => collections).join(' ');
  throw new RpcError(
    status.FAILED_PRECONDITION,
    `requires endorsement from organisation(s) that are not in the distribution policy of the private data collection(s): [${names}]; retry specifying trusted endorsing organizations to protect transient data`,
  );
}

/** Candidates for the first endorsement: the gateway's own organisation or, if it has no peer for it, any that the policy names. */
function firstChoices(context: GatewayContext, proposal: UnpackedProposal): readonly Endorser[] {
  const { local } = context;
  const endorsers = endorsersOf(context, proposal);
  const own = endorsers.filter(({ mspId }) => mspId === local.mspId);
  if (own.length > 0 && local.channel(proposal.channelId)) return own;
  if (proposal.hasTransientData) {
    throw new RpcError(
      status.FAILED_PRECONDITION,
      "no endorsers found in the gateway's organization; retry specifying endorsing organization(s) to protect transient data",
    );
  }
  const [layout = []] = planned(context, proposal, defaultInterest(proposal), undefined);
  return endorsers.filter(({ mspId }) => layout.includes(mspId));
}

function defaultInterest({ chaincode }: UnpackedProposal): readonly WrittenNamespace[] {
  return [{ namespace: chaincode, collections: [], keyPolicies: [], chaincodePolicyApplies: true }];
}

/** Runs the proposal on the first endorser and plans the others from its write set. */
async function planFromFirst(
  context: GatewayContext,
  proposal: UnpackedProposal,
  collected: Collected,
  caller: Caller,
): Promise<readonly Layout[]> {
  const details: ErrorDetail[] = [];
  for (const endorser of firstChoices(context, proposal)) {
    collected.markAsked(endorser);
    const outcome = await attempt(endorser, context.local, proposal, true, caller);
    if (!outcome.ok) {
      details.push(outcome.detail);
      continue;
    }
    const { interest } = outcome.answer;
    const layouts = planned(context, proposal, interest.length > 0 ? interest : defaultInterest(proposal), endorser);
    collected.add(endorser, outcome.answer);
    return layouts;
  }
  throw new RpcError(status.ABORTED, 'failed to endorse transaction, see attached details for more info', details);
}

function preparedTransaction(
  proposal: UnpackedProposal,
  payload: Uint8Array,
  endorsements: peer.Endorsement[],
): common.Envelope {
  const action = new peer.ChaincodeEndorsedAction();
  action.setProposalResponsePayload(payload);
  action.setEndorsementsList(endorsements);
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(payloadWithoutTransient(proposal));
  actionPayload.setAction(action);
  const transactionAction = new peer.TransactionAction();
  transactionAction.setHeader(proposal.header.getSignatureHeader_asU8());
  transactionAction.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.addActions(transactionAction);
  const envelopePayload = new common.Payload();
  envelopePayload.setHeader(proposal.header);
  envelopePayload.setData(transaction.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(envelopePayload.serializeBinary());
  return envelope;
}

/**
 * Collects the endorsements that the transaction's policies require and assembles the transaction for the client to sign.
 * @throws RpcError
 */
export async function endorse(
  context: GatewayContext,
  request: gateway.EndorseRequest,
  caller: Caller,
): Promise<gateway.EndorseResponse> {
  const proposal = unpack(request.getProposedTransaction());
  const organisations = request.getEndorsingOrganizationsList();
  const collected = new Collected(endorsersInOrder(context));
  const layouts =
    organisations.length > 0
      ? [layoutForOrganisations(context, proposal, organisations)]
      : await planFromFirst(context, proposal, collected, caller);
  for (const layout of layouts) {
    if (!collected.possible(layout)) continue;
    await ask(context, proposal, collected.missing(layout), collected, caller);
    if (collected.missing(layout).length > 0) continue;
    const response = new gateway.EndorseResponse();
    response.setPreparedTransaction(preparedTransaction(proposal, collected.payload, collected.endorsementsOf(layout)));
    return response;
  }
  throw new RpcError(
    status.ABORTED,
    'failed to collect enough transaction endorsements, see attached details for more info',
    collected.details,
  );
}
