import { common } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { transactionIdOf } from '@tracecal/ledger/validation';
import { NO_BYTES } from '@tracecal/ledger/wire';
import { randomBytes } from 'node:crypto';
import { reachedAt } from '../topology/addresses.js';
import type { Channel, Consortium } from '../topology/consortium.js';
import { newBlock } from './block.js';
import { channelGroup } from './channelGroup.js';
import type { ChannelMaterial } from './material.js';
import { planChannel, type PlanOptions } from './plan.js';
import { defaultPolicyTemplateFile, readPolicyTemplate, type PolicyTemplate } from './template.js';

export interface GenesisOptions extends PlanOptions {
  /** 24 bytes that make this block unique; random by default. With `timestamp`, equal input gives equal bytes. */
  readonly nonce?: Uint8Array;
  readonly timestamp?: Date;
}

/**
 * A channel's genesis block, as `configtxgen -outputBlock` would make it.
 *
 * @example
 * const block = genesisBlock(consortium, channel, readPolicyTemplate('policies.yaml'), material);
 * writeFileSync('calibration.block', block.serializeBinary());
 * @throws ChannelError when the description, the template and the certificates do not fit together.
 */
export function genesisBlock(
  consortium: Consortium,
  channel: Channel,
  template: PolicyTemplate,
  material: ChannelMaterial,
  options: GenesisOptions = {},
): common.Block {
  return genesisBlockOf(channel.name, describedConfig(consortium, channel, template, material, options), options);
}

/**
 * The configuration of a channel by its consortium's description: its first one, or the target of an update.
 * @throws ChannelError when the description, the template and the certificates do not fit together.
 */
export function describedConfig(
  consortium: Consortium,
  channel: Channel,
  template: PolicyTemplate,
  material: ChannelMaterial,
  options: PlanOptions = {},
): common.Config {
  const config = new common.Config();
  config.setChannelGroup(channelGroup(planChannel(consortium, channel, template, options), material));
  return config;
}

/**
 * {@link describedConfig} by the policies of this release, where nodes are reached at the hosts of the description.
 * @throws ChannelError
 */
export function releasedConfig(consortium: Consortium, channel: Channel, material: ChannelMaterial): common.Config {
  const template = readPolicyTemplate(defaultPolicyTemplateFile());
  return describedConfig(consortium, channel, template, material, { hostOf: reachedAt });
}

/** The genesis block for an existing configuration. */
export function genesisBlockOf(channelId: string, config: common.Config, options: GenesisOptions = {}): common.Block {
  const configEnvelope = new common.ConfigEnvelope();
  configEnvelope.setConfig(config);
  const payload = new common.Payload();
  payload.setHeader(genesisHeader(channelId, options));
  payload.setData(configEnvelope.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  const block = newBlock(0, new Uint8Array(), [envelope.serializeBinary()]);
  const metadata = block.getMetadata()?.getMetadataList_asU8() ?? [];
  metadata[common.BlockMetadataIndex.SIGNATURES] = metadataValue(signedMetadata());
  metadata[common.BlockMetadataIndex.LAST_CONFIG] = metadataValue(new common.LastConfig());
  block.getMetadata()?.setMetadataList(metadata);
  return block;
}

function genesisHeader(
  channelId: string,
  { nonce = randomBytes(24), timestamp = new Date() }: GenesisOptions,
): common.Header {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG);
  channelHeader.setVersion(1);
  channelHeader.setTimestamp(Timestamp.fromDate(timestamp));
  channelHeader.setChannelId(channelId);
  // A genesis block is not signed, so the creator in its transaction id is empty.
  channelHeader.setTxId(transactionIdOf(nonce, NO_BYTES));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setNonce(nonce);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  return header;
}

function signedMetadata(): common.OrdererBlockMetadata {
  const metadata = new common.OrdererBlockMetadata();
  metadata.setLastConfig(new common.LastConfig());
  return metadata;
}

function metadataValue(message: { serializeBinary(): Uint8Array }): Uint8Array {
  const metadata = new common.Metadata();
  metadata.setValue(message.serializeBinary());
  return metadata.serializeBinary();
}
