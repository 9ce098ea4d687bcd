import { common, peer } from '@hyperledger/fabric-protos';
import { blockHeaderHash } from '../../../channel/index.js';
import type { ChannelLedger } from '../ledger/types.js';
import { LOCAL_MEMBERS, type SystemFunction, type SystemQuery } from './systemQuery.js';

function decimal(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw new Error(`Failed to parse block number with error: invalid syntax "${text}"`);
  return BigInt(text);
}

async function blockAt(ledger: ChannelLedger, number: bigint): Promise<common.Block> {
  const block = await ledger.block(number);
  if (!block) throw new Error(`Failed to get block number ${number.toString()}, error no such block number`);
  return block;
}

async function chainInfo({ ledger }: SystemQuery): Promise<Uint8Array> {
  const info = new common.BlockchainInfo();
  info.setHeight(Number(ledger.height));
  const header = (await blockAt(ledger, ledger.height - 1n)).getHeader();
  if (header) {
    info.setCurrentblockhash(blockHeaderHash(header));
    info.setPreviousblockhash(header.getPreviousHash_asU8());
  }
  return info.serializeBinary();
}

async function blockByHash({ ledger, argumentBytes }: SystemQuery): Promise<Uint8Array> {
  const block = await ledger.blockByHash(argumentBytes);
  if (block) return block.serializeBinary();
  const hash = Buffer.from(argumentBytes).toString('hex').slice(0, 64);
  throw new Error(`Failed to get block hash ${hash}, error no such block hash`);
}

async function transactionById({ ledger, argument }: SystemQuery): Promise<Uint8Array> {
  const found = await ledger.transaction(argument);
  if (!found) throw new Error(`Failed to get transaction with id ${argument}, error no such transaction ID`);
  const processed = new peer.ProcessedTransaction();
  processed.setTransactionenvelope(common.Envelope.deserializeBinary(found.envelope));
  processed.setValidationcode(found.code);
  return processed.serializeBinary();
}

async function blockByTransaction({ ledger, argument }: SystemQuery): Promise<Uint8Array> {
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

function channelList({ channels }: SystemQuery): Uint8Array {
  const response = new peer.ChannelQueryResponse();
  for (const name of channels.keys()) {
    const info = new peer.ChannelInfo();
    info.setChannelId(name);
    response.addChannels(info);
  }
  return response.serializeBinary();
}

/** `qscc`: blocks and transactions of a channel, which is the first argument. */
export const QSCC: Readonly<Record<string, SystemFunction>> = {
  GetChainInfo: { resource: 'qscc/GetChainInfo', channelArgument: 1, run: chainInfo },
  GetBlockByNumber: {
    resource: 'qscc/GetBlockByNumber',
    channelArgument: 1,
    run: async ({ ledger, argument }) => (await blockAt(ledger, decimal(argument))).serializeBinary(),
  },
  GetBlockByHash: { resource: 'qscc/GetBlockByHash', channelArgument: 1, run: blockByHash },
  GetTransactionByID: { resource: 'qscc/GetTransactionByID', channelArgument: 1, run: transactionById },
  GetBlockByTxID: { resource: 'qscc/GetBlockByTxID', channelArgument: 1, run: blockByTransaction },
};

/** `cscc`: configurations, and which channels the peer has joined. */
export const CSCC: Readonly<Record<string, SystemFunction>> = {
  GetConfigBlock: {
    resource: 'cscc/GetConfigBlock',
    channelArgument: 1,
    run: async ({ ledger }) => (await lastConfigBlock(ledger)).serializeBinary(),
  },
  GetChannelConfig: {
    resource: 'cscc/GetChannelConfig',
    channelArgument: 1,
    run: ({ ledger }) => ledger.access.config,
  },
  GetChannels: { resource: LOCAL_MEMBERS, channelArgument: undefined, run: channelList },
};
