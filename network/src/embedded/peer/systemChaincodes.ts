import { common, peer } from '@hyperledger/fabric-protos';
import { blockHeaderHash } from '../../channel/index.js';
import type { SignedData } from '../access/index.js';
import type { ChannelLedger } from '../ledger/types.js';
import { checkAcl, ProposalRefused } from './admission.js';
import type { EndorserChannel } from './endorser.js';
import type { UnpackedProposal } from './proposal.js';

/** What a system chaincode's function works on. */
interface Query {
  readonly ledger: ChannelLedger;
  readonly channels: ReadonlyMap<string, EndorserChannel>;
  readonly argument: string;
  readonly argumentBytes: Uint8Array;
}

type Answer = Uint8Array | Promise<Uint8Array>;

interface SystemFunction {
  /** The ACL resource that guards it. */
  readonly resource: string;
  /** Position of the argument that names the channel; 0 where the proposal's own channel is meant. */
  readonly channelArgument: number;
  run(query: Query): Answer;
}

function decimal(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw new Error(`Failed to parse block number with error: invalid syntax "${text}"`);
  return BigInt(text);
}

async function blockAt(ledger: ChannelLedger, number: bigint): Promise<common.Block> {
  const block = await ledger.block(number);
  if (!block) throw new Error(`Failed to get block number ${number.toString()}, error no such block number`);
  return block;
}

async function chainInfo({ ledger }: Query): Promise<Uint8Array> {
  const info = new common.BlockchainInfo();
  info.setHeight(Number(ledger.height));
  const header = (await blockAt(ledger, ledger.height - 1n)).getHeader();
  if (header) {
    info.setCurrentblockhash(blockHeaderHash(header));
    info.setPreviousblockhash(header.getPreviousHash_asU8());
  }
  return info.serializeBinary();
}

async function transactionById({ ledger, argument }: Query): Promise<Uint8Array> {
  const found = await ledger.transaction(argument);
  if (!found) throw new Error(`Failed to get transaction with id ${argument}, error no such transaction ID`);
  const processed = new peer.ProcessedTransaction();
  processed.setTransactionenvelope(common.Envelope.deserializeBinary(found.envelope));
  processed.setValidationcode(found.code);
  return processed.serializeBinary();
}

async function blockByTransaction({ ledger, argument }: Query): Promise<Uint8Array> {
  const found = await ledger.transaction(argument);
  if (!found) throw new Error(`Failed to get block for txID ${argument}, error no such transaction ID`);
  return (await blockAt(ledger, found.blockNumber)).serializeBinary();
}

async function lastConfigBlock(ledger: ChannelLedger): Promise<common.Block> {
  const last = await blockAt(ledger, ledger.height - 1n);
  const signatures = last.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.SIGNATURES];
  const value = common.Metadata.deserializeBinary(signatures ?? new Uint8Array()).getValue_asU8();
  const index = common.OrdererBlockMetadata.deserializeBinary(value).getLastConfig()?.getIndex() ?? 0;
  return blockAt(ledger, BigInt(index));
}

function channelList({ channels }: Query): Uint8Array {
  const response = new peer.ChannelQueryResponse();
  for (const name of channels.keys()) {
    const info = new peer.ChannelInfo();
    info.setChannelId(name);
    response.addChannels(info);
  }
  return response.serializeBinary();
}

function definition({ ledger, argumentBytes }: Query): Uint8Array {
  const name = peer.lifecycle.QueryChaincodeDefinitionArgs.deserializeBinary(argumentBytes).getName();
  const found = ledger.definition(name);
  if (!found) throw new Error(`namespace ${name} is not defined`);
  const result = new peer.lifecycle.QueryChaincodeDefinitionResult();
  result.setSequence(found.sequence);
  result.setVersion(found.version);
  result.setEndorsementPlugin('escc');
  result.setValidationPlugin('vscc');
  result.setValidationParameter(applicationPolicy(found.endorsementPolicy));
  return result.serializeBinary();
}

function applicationPolicy(signaturePolicy: Uint8Array): Uint8Array {
  const policy = new peer.ApplicationPolicy();
  policy.setSignaturePolicy(common.SignaturePolicyEnvelope.deserializeBinary(signaturePolicy));
  return policy.serializeBinary();
}

const FUNCTIONS: Readonly<Record<string, Readonly<Record<string, SystemFunction>>>> = {
  qscc: {
    GetChainInfo: { resource: 'qscc/GetChainInfo', channelArgument: 1, run: chainInfo },
    GetBlockByNumber: {
      resource: 'qscc/GetBlockByNumber',
      channelArgument: 1,
      run: async ({ ledger, argument }) => (await blockAt(ledger, decimal(argument))).serializeBinary(),
    },
    GetTransactionByID: { resource: 'qscc/GetTransactionByID', channelArgument: 1, run: transactionById },
    GetBlockByTxID: { resource: 'qscc/GetBlockByTxID', channelArgument: 1, run: blockByTransaction },
  },
  cscc: {
    GetConfigBlock: {
      resource: 'cscc/GetConfigBlock',
      channelArgument: 1,
      run: async ({ ledger }) => (await lastConfigBlock(ledger)).serializeBinary(),
    },
    GetChannelConfig: {
      resource: 'cscc/GetChannelConfig',
      channelArgument: 1,
      run: ({ ledger }) => ledger.access.config.serializeBinary(),
    },
    GetChannels: { resource: '/Channel/Application/Readers', channelArgument: 0, run: channelList },
  },
  _lifecycle: {
    QueryChaincodeDefinition: {
      resource: '_lifecycle/QueryChaincodeDefinition',
      channelArgument: 0,
      run: definition,
    },
  },
};

/** Whether the name belongs to the peer itself. */
export function isSystemChaincode(name: string): boolean {
  return Object.hasOwn(FUNCTIONS, name) || name === 'lscc';
}

function checkMayCall(ledger: ChannelLedger, system: SystemFunction, signed: SignedData, what: string): void {
  if (system.resource.startsWith('/')) {
    const outcome = ledger.access.satisfies(system.resource, [signed]);
    if (!outcome.satisfied) throw new Error(`access denied for ${what}: [${outcome.why}]`);
    return;
  }
  try {
    checkAcl(ledger, system.resource, signed);
  } catch (error) {
    if (error instanceof ProposalRefused) throw new Error(`access denied for ${what}: [${error.message}]`);
    throw error;
  }
}

async function run(
  proposal: UnpackedProposal,
  signed: SignedData,
  channels: ReadonlyMap<string, EndorserChannel>,
): Promise<Uint8Array> {
  const args = proposal.input.getArgsList_asU8().map((argument) => Buffer.from(argument));
  const name = args[0]?.toString() ?? '';
  const functions = FUNCTIONS[proposal.chaincode] ?? {};
  const system = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!system) throw new Error(`Requested function ${name} not found.`);
  const channelId =
    system.channelArgument === 0 ? proposal.channelId : (args[system.channelArgument]?.toString() ?? '');
  const channel = channels.get(channelId);
  if (!channel) throw new Error(`Invalid chain ID, ${channelId}`);
  checkMayCall(channel.ledger, system, signed, `[${name}][${channelId}]`);
  const argumentBytes = args[system.channelArgument + 1] ?? Buffer.alloc(0);
  return system.run({ ledger: channel.ledger, channels, argument: argumentBytes.toString(), argumentBytes });
}

/** Runs one of the peer's own chaincodes: queries only. Errors are responses with status 500, as from any chaincode. */
export async function runSystemChaincode(
  proposal: UnpackedProposal,
  signed: SignedData,
  channels: ReadonlyMap<string, EndorserChannel>,
): Promise<peer.Response> {
  const response = new peer.Response();
  try {
    response.setPayload(await run(proposal, signed, channels));
    response.setStatus(200);
  } catch (error) {
    response.setStatus(500);
    response.setMessage(error instanceof Error ? error.message : String(error));
  }
  return response;
}
