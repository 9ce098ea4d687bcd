import { ownValue } from '@tracecal/core/model';
import { peer } from '@hyperledger/fabric-protos';
import type { SignedData } from '@tracecal/ledger/identity';
import type { ChannelLedger } from '../ledger/types.js';
import { checkAcl, ProposalRefused, type AdmittedProposal } from './admission.js';
import type { EndorserChannel } from './endorserChannel.js';
import { CSCC, QSCC } from './ledgerQueries.js';
import { LIFECYCLE } from './lifecycleQueries.js';
import type { UnpackedProposal } from './proposal.js';
import { LOCAL_ADMINS, LOCAL_MEMBERS, NotDefined, type SystemFunction } from './systemQuery.js';

/** Fabric's version string for all its own chaincodes. */
export const SYSTEM_VERSION = 'syscc';

const FUNCTIONS: Readonly<Record<string, Readonly<Record<string, SystemFunction>>>> = {
  qscc: QSCC,
  cscc: CSCC,
  _lifecycle: LIFECYCLE,
};

/** Whether the name belongs to the peer itself. */
export function isSystemChaincode(name: string): boolean {
  return ownValue(FUNCTIONS, name) !== undefined || name === 'lscc';
}

/** A peer and the channels that it has joined. */
export interface SystemPeer {
  readonly mspId: string;
  readonly channels: ReadonlyMap<string, EndorserChannel>;
}

/** The channel whose configuration admits a proposal. A proposal without a channel concerns the peer, and any channel knows its MSP. */
export function admittingChannel(
  { channelId, chaincode }: UnpackedProposal,
  channels: ReadonlyMap<string, EndorserChannel>,
): EndorserChannel | undefined {
  if (channelId !== '' || !isSystemChaincode(chaincode)) return channels.get(channelId);
  return channels.values().next().value;
}

function checkLocal(ledger: ChannelLedger, mspId: string, admitted: AdmittedProposal, admins: boolean): void {
  if (admitted.creator.mspId !== mspId) throw new Error(`[the identity is not of ${mspId}]`);
  if (!admins) return;
  const outcome = ledger.access.satisfies(`/Channel/Application/${mspId}/Admins`, [admitted.signed]);
  if (!outcome.satisfied) throw new Error(`[${outcome.why}]`);
}

function checkChannel(ledger: ChannelLedger, resource: string, signed: SignedData): void {
  try {
    checkAcl(ledger, resource, signed);
  } catch (error) {
    throw error instanceof ProposalRefused ? new Error(`[${error.message}]`) : error;
  }
}

function checkMayCall(
  { resource }: SystemFunction,
  ledger: ChannelLedger,
  mspId: string,
  admitted: AdmittedProposal,
): void {
  const local = resource === LOCAL_MEMBERS || resource === LOCAL_ADMINS;
  if (local) checkLocal(ledger, mspId, admitted, resource === LOCAL_ADMINS);
  else checkChannel(ledger, resource, admitted.signed);
}

function functionOf(chaincode: string, name: string): SystemFunction {
  const found = ownValue(ownValue(FUNCTIONS, chaincode) ?? {}, name);
  if (found) return found;
  throw new Error(`Requested function ${name} not found.`);
}

async function run(
  proposal: UnpackedProposal,
  admitted: AdmittedProposal,
  { mspId, channels }: SystemPeer,
): Promise<Uint8Array> {
  const args = proposal.input.getArgsList_asU8().map((argument) => Buffer.from(argument));
  const argument = (index: number): Buffer => args[index] ?? Buffer.alloc(0);
  const name = argument(0).toString();
  const system = functionOf(proposal.chaincode, name);
  const { channelArgument = 0 } = system;
  const channelId = channelArgument === 0 ? proposal.channelId : argument(channelArgument).toString();
  const channel = system.channelArgument === undefined ? admittingChannel(proposal, channels) : channels.get(channelId);
  if (!channel) throw new Error(`Invalid chain ID, ${channelId}`);
  try {
    checkMayCall(system, channel.ledger, mspId, admitted);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`access denied for [${name}][${channelId}]: ${why}`, { cause: error });
  }
  const argumentBytes = argument(channelArgument + 1);
  return system.run({ ledger: channel.ledger, channels, argument: argumentBytes.toString(), argumentBytes });
}

/** Runs one of the peer's own chaincodes: queries only. Errors are responses with status 500, as from any chaincode, or 404. */
export async function runSystemChaincode(
  proposal: UnpackedProposal,
  admitted: AdmittedProposal,
  at: SystemPeer,
): Promise<peer.Response> {
  const response = new peer.Response();
  try {
    response.setPayload(await run(proposal, admitted, at));
    response.setStatus(200);
  } catch (error) {
    response.setStatus(error instanceof NotDefined ? 404 : 500);
    response.setMessage(error instanceof Error ? error.message : String(error));
  }
  return response;
}
