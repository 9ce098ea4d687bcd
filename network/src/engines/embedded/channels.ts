import { common } from '@hyperledger/fabric-protos';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  defaultPolicyTemplateFile,
  genesisBlock,
  readChannelMaterial,
  readPolicyTemplate,
  type ChannelMaterial,
} from '../../channel/index.js';
import type { ChaincodeDeployment, Channel, Consortium } from '../../topology/consortium.js';
import type { Log } from '../../system/log.js';
import { atomicWrite } from '../../system/atomicWrite.js';
import { accessFromBlock } from '@tracecal/ledger/block';
import { chaincodeDefinition } from '../../channel/definitions.js';
import { Consenters } from './orderer/index.js';
import { openLedger, type ChannelLedger } from './ledger/index.js';

export interface ChannelsOptions {
  readonly consortium: Consortium;
  readonly deployments: readonly ChaincodeDeployment[];
  readonly cryptoDir: string;
  readonly dataDir: string;
  readonly clock: () => number;
  readonly log: Log;
}

/** Write atomically: a partial genesis block would make the channel unreadable for ever. */
function writeBlock(file: string, block: common.Block): void {
  mkdirSync(dirname(file), { recursive: true });
  atomicWrite(file, block.serializeBinary());
}

/** The file of a channel's genesis block, beside its ledger. */
export function genesisFile(dataDir: string, channel: Channel): string {
  return join(dataDir, 'channels', channel.name, 'genesis.block');
}

/** The folder of a channel's ledger. */
export function ledgerFolder(dataDir: string, channel: Pick<Channel, 'name'>): string {
  return join(dataDir, 'channels', channel.name, 'ledger');
}

/** Opens every channel of the consortium. The first time, it makes a genesis block, which stays beside the ledger. */
export async function openChannels(options: ChannelsOptions): Promise<readonly ChannelLedger[]> {
  let material: ChannelMaterial | undefined;
  const genesisOf = (channel: Channel): common.Block => {
    const file = genesisFile(options.dataDir, channel);
    if (existsSync(file)) return common.Block.deserializeBinary(readFileSync(file));
    material ??= readChannelMaterial(options.consortium, options.cryptoDir);
    const template = readPolicyTemplate(defaultPolicyTemplateFile());
    const block = genesisBlock(options.consortium, channel, template, material);
    writeBlock(file, block);
    return block;
  };
  const consenters = new Consenters(options.consortium.orderers, options.cryptoDir);
  const ledgers: ChannelLedger[] = [];
  try {
    for (const channel of options.consortium.channels) {
      ledgers.push(await openChannel(channel, genesisOf(channel), consenters, options));
    }
    return ledgers;
  } catch (error) {
    await Promise.all(ledgers.map((ledger) => ledger.close()));
    throw error;
  }
}

async function openChannel(
  channel: Channel,
  genesis: common.Block,
  consenters: Consenters,
  options: ChannelsOptions,
): Promise<ChannelLedger> {
  const accessOf = (block: common.Block) => accessFromBlock(block.serializeBinary(), { now: options.clock });
  const ledger = await openLedger({
    directory: ledgerFolder(options.dataDir, channel),
    genesis,
    accessOf,
    definitions: new Map(),
    signUnder: (config) => consenters.under(config),
    log: options.log,
  });
  defineChaincodes(ledger, options.deployments, options.consortium);
  return ledger;
}

/** Replaces the chaincode definitions of a channel. */
export function defineChaincodes(
  ledger: ChannelLedger,
  deployments: readonly ChaincodeDeployment[],
  consortium: Consortium,
): void {
  for (const deployment of deployments) {
    if (!deployment.channels.includes(ledger.channelId)) continue;
    ledger.define(chaincodeDefinition(deployment, consortium, ledger.channelId));
  }
}
