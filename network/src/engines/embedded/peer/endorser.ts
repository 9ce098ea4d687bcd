import { peer } from '@hyperledger/fabric-protos';
import type { ChannelLedger, SimulationResults, TxSimulator, WrittenNamespace } from '../ledger/types.js';
import type { Caller } from '../rpc/index.js';
import { admit, checkAcl, ProposalRefused, type AdmittedProposal } from './admission.js';
import { unlessGone } from './callerGone.js';
import type { EndorserChannel } from './endorserChannel.js';
import { proposalHash, type UnpackedProposal } from './proposal.js';
import { encodeShimMessage, NO_BYTES, ShimType, type ShimMessage } from './shimMessage.js';
import type { PeerSigner } from './signer.js';
import { admittingChannel, isSystemChaincode, runSystemChaincode, SYSTEM_VERSION } from './systemChaincodes.js';
import type { ChaincodeInvoker, Invocation } from './transactionContext.js';

/** A chaincode's answer to a proposal, with this endorser's signature. */
export interface EndorserAnswer {
  readonly response: peer.Response;
  /** Serialised `protos.ProposalResponsePayload`; absent if the peer failed. It is present if the chaincode returned an error. */
  readonly payload?: Uint8Array;
  /** Present if the chaincode's status is below 400 and an endorsement was requested. */
  readonly endorsement?: peer.Endorsement;
  /** The written namespaces, for planning further endorsers. */
  readonly interest: readonly WrittenNamespace[];
}

export interface EndorserOptions {
  readonly mspId: string;
  /** `host:port`, as error details name it. */
  readonly address: string;
  readonly signer: PeerSigner;
  /** The channels that this organisation has joined, by name. Filled after construction, as channels are opened. */
  readonly channels: ReadonlyMap<string, EndorserChannel>;
  readonly clock: () => number;
}

const ERROR_THRESHOLD = 400;
const ERROR = 500;

interface Executed {
  readonly response: peer.Response;
  readonly event?: Uint8Array;
}

/** The answer of a peer that could not run a proposal. */
export function peerFailure(message: string): EndorserAnswer {
  const response = new peer.Response();
  response.setStatus(ERROR);
  response.setMessage(message);
  return { response, interest: [] };
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `name:version/channel`; the version is ignored, as in Fabric. */
function parseTarget(target: string): { name: string; channel: string } {
  const slash = target.indexOf('/');
  const beforeSlash = slash < 0 ? target : target.slice(0, slash);
  return { name: beforeSlash.split(':', 1)[0] ?? '', channel: slash < 0 ? '' : target.slice(slash + 1) };
}

/** The event for the ledger: the peer, not the chaincode, sets the chaincode's name. */
function stampedEvent(bytes: Uint8Array, chaincode: string, txId: string): Uint8Array {
  const event = peer.ChaincodeEvent.deserializeBinary(bytes);
  event.setChaincodeId(chaincode);
  event.setTxId(txId);
  return event.serializeBinary();
}

function executed(message: ShimMessage, chaincode: string, txId: string): Executed {
  if (message.type !== ShimType.COMPLETED) {
    throw new Error(`transaction returned with failure: ${Buffer.from(message.payload).toString('utf8')}`);
  }
  const response = peer.Response.deserializeBinary(message.payload);
  if (!message.event || response.getStatus() >= ERROR_THRESHOLD) return { response };
  return { response, event: stampedEvent(message.event, chaincode, txId) };
}

/** One organisation's endorsing peer: runs proposals and signs the results. */
export class Endorser implements ChaincodeInvoker {
  readonly mspId: string;
  readonly address: string;
  /** Replaced when the peer gets another certificate. */
  signer: PeerSigner;
  readonly #options: EndorserOptions;
  /** Admission depends only on the proposal and the channel's configuration, so endorsers of one process share its result. */
  static readonly #admissions = new WeakMap<UnpackedProposal, Promise<AdmittedProposal>>();

  constructor(options: EndorserOptions) {
    this.#options = options;
    this.signer = options.signer;
    this.mspId = options.mspId;
    this.address = options.address;
  }

  channel(channelId: string): EndorserChannel | undefined {
    return this.#options.channels.get(channelId);
  }

  /** Whether this peer can run the chaincode on the channel. */
  hasChaincode(channelId: string, name: string): boolean {
    return isSystemChaincode(name) || this.channel(channelId)?.chaincodes.has(name) === true;
  }

  /**
   * Simulates a proposal. With `endorse` false the result is not signed, for queries. Ends when its caller has gone.
   * @throws ProposalRefused when the proposal may not run; later failures are in the answer.
   */
  async process(proposal: UnpackedProposal, endorse = true, caller?: Caller): Promise<EndorserAnswer> {
    const channel = admittingChannel(proposal, this.#options.channels);
    if (!channel) return peerFailure(`channel '${proposal.channelId}' not found`);
    const admitted = await this.#admit(channel.ledger, proposal);
    caller?.checked();
    try {
      if (isSystemChaincode(proposal.chaincode)) return await this.#runSystem(proposal, admitted, endorse);
      return await this.#run(channel.ledger, proposal, admitted, { endorse, gone: caller?.gone });
    } catch (error) {
      if (error instanceof ProposalRefused) throw error;
      return peerFailure(text(error));
    }
  }

  /** Waits until the chaincode of a proposal runs, or cannot be started, or the caller has gone: a proposal shows which. */
  async prepare({ channelId, chaincode }: UnpackedProposal, { gone }: Caller): Promise<void> {
    const service = this.channel(channelId)?.chaincodes.get(chaincode);
    if (service) await unlessGone(service.ready(), gone).catch(() => undefined);
  }

  async invokeFrom(caller: Invocation, target: string, input: Uint8Array): Promise<Uint8Array> {
    const { name, channel: channelId } = parseTarget(target);
    const ledger = this.#ledgerForCall(caller, channelId);
    checkAcl(ledger, 'peer/ChaincodeToChaincode', caller.signed);
    if (ledger.channelId === caller.ledger.channelId) {
      return encodeShimMessage(await this.#execute({ ...caller, namespace: name }, input));
    }
    // Writes of a chaincode on another channel are dropped, and its reads are not checked at commit.
    const simulator = await ledger.simulate(caller.proposal.txId, this.mspId);
    try {
      return encodeShimMessage(await this.#execute({ ...caller, ledger, simulator, namespace: name }, input));
    } finally {
      simulator.discard();
    }
  }

  #ledgerForCall(caller: Invocation, channelId: string): ChannelLedger {
    if (channelId === '' || channelId === caller.ledger.channelId) return caller.ledger;
    const channel = this.channel(channelId);
    if (!channel) throw new Error(`Failed to get policy manager for channel [${channelId}]`);
    return channel.ledger;
  }

  #admit(ledger: ChannelLedger, proposal: UnpackedProposal): Promise<AdmittedProposal> {
    const known = Endorser.#admissions.get(proposal);
    if (known) return known;
    const admission = admit(ledger, proposal, this.#options.clock(), isSystemChaincode(proposal.chaincode));
    Endorser.#admissions.set(proposal, admission);
    return admission;
  }

  async #execute(invocation: Invocation, input: Uint8Array): Promise<ShimMessage> {
    const { ledger, namespace } = invocation;
    if (!ledger.definition(namespace)) {
      throw new Error(
        `invalid invocation: [channel ${ledger.channelId}] failed to get chaincode container info for ${namespace}: chaincode ${namespace} not found`,
      );
    }
    const service = this.channel(ledger.channelId)?.chaincodes.get(namespace);
    if (!service) throw new Error(`chaincode definition for '${namespace}' exists, but chaincode is not installed`);
    try {
      return await unlessGone(service.execute(invocation, input), invocation.gone);
    } catch (error) {
      throw new Error(`error sending: ${text(error)}`, { cause: error });
    }
  }

  async #runSystem(proposal: UnpackedProposal, admitted: AdmittedProposal, endorse: boolean): Promise<EndorserAnswer> {
    const response = await runSystemChaincode(proposal, admitted, {
      mspId: this.mspId,
      channels: this.#options.channels,
    });
    return this.#answer(proposal, { response }, { publicResults: NO_BYTES, interest: [] }, SYSTEM_VERSION, endorse);
  }

  async #run(
    ledger: ChannelLedger,
    proposal: UnpackedProposal,
    { creator, signed }: AdmittedProposal,
    { endorse, gone }: { readonly endorse: boolean; readonly gone: AbortSignal | undefined },
  ): Promise<EndorserAnswer> {
    gone?.throwIfAborted();
    const { chaincode, channelId } = proposal;
    const definition = ledger.definition(chaincode);
    if (!definition) {
      throw new Error(
        `make sure the chaincode ${chaincode} has been successfully defined on channel ${channelId} and try again: chaincode ${chaincode} not found`,
      );
    }
    const simulator = await ledger.simulate(proposal.txId, this.mspId);
    try {
      const invocation = { ledger, namespace: chaincode, simulator, proposal, signed, creatorMsp: creator.mspId, gone };
      const outcome = await this.#simulate(invocation);
      // Do not hash or sign a query's result: that saves half its cost.
      if (!endorse) return { response: outcome.response, payload: NO_BYTES, interest: [] };
      const results = await this.#results(ledger, proposal, simulator, outcome);
      return this.#answer(proposal, outcome, results, definition.version, true);
    } finally {
      simulator.discard();
    }
  }

  async #simulate(invocation: Invocation): Promise<Executed> {
    const { proposal } = invocation;
    try {
      if (proposal.input.getIsInit()) {
        throw new Error(`chaincode '${proposal.chaincode}' does not require initialization but called as init`);
      }
      const message = await this.#execute(invocation, proposal.input.serializeBinary());
      return executed(message, proposal.chaincode, proposal.txId);
    } catch (error) {
      throw new Error(`error in simulation: failed to execute transaction ${proposal.txId}: ${text(error)}`, {
        cause: error,
      });
    }
  }

  async #results(
    ledger: ChannelLedger,
    proposal: UnpackedProposal,
    simulator: TxSimulator,
    { response }: Executed,
  ): Promise<SimulationResults> {
    const results = simulator.finish();
    if (results.privateResults && response.getStatus() < ERROR_THRESHOLD) {
      await ledger.keepPrivate(proposal.txId, results.privateResults);
    }
    return results;
  }

  #answer(
    proposal: UnpackedProposal,
    { response, event }: Executed,
    results: SimulationResults,
    version: string,
    endorse: boolean,
  ): EndorserAnswer {
    const { interest } = results;
    const status = response.getStatus();
    if (status >= ERROR_THRESHOLD && status < ERROR) return { response, interest };
    const payload = this.#payload(proposal, response, results.publicResults, event, version);
    if (status >= ERROR || !endorse) return { response, payload, interest };
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(this.signer.identity);
    endorsement.setSignature(this.signer.sign(Buffer.concat([payload, this.signer.identity])));
    return { response, payload, endorsement, interest };
  }

  #payload(
    proposal: UnpackedProposal,
    response: peer.Response,
    results: Uint8Array,
    event: Uint8Array | undefined,
    version: string,
  ): Uint8Array {
    const id = new peer.ChaincodeID();
    id.setName(proposal.chaincode);
    id.setVersion(version);
    const action = new peer.ChaincodeAction();
    action.setResults(results);
    if (event) action.setEvents(event);
    action.setResponse(response);
    action.setChaincodeId(id);
    const payload = new peer.ProposalResponsePayload();
    payload.setProposalHash(proposalHash(proposal));
    payload.setExtension$(action.serializeBinary());
    return payload.serializeBinary();
  }
}
