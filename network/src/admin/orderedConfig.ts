import type { ServiceError } from '@grpc/grpc-js';
import { common, orderer as ordering } from '@hyperledger/fabric-protos';
import { AdminError } from './errors.js';
import type { NodeConnection } from './node.js';
import { seekEnvelope } from './seek.js';
import type { Signer } from './signer.js';

const ANSWER_MS = 15_000;

/**
 * A channel's newest configuration as an orderer has it: who runs an orderer of a channel need not have a peer there.
 *
 * @param signer - Of the orderer's own organisation.
 * @throws AdminError
 */
export async function orderedConfig(orderer: NodeConnection, signer: Signer, channel: string): Promise<common.Config> {
  const newest = new ordering.SeekPosition();
  newest.setNewest(new ordering.SeekNewest());
  const block = await blockAt(newest, orderer, signer, channel);
  const number = block.getHeader()?.getNumber() ?? 0;
  const index = configBlockOf(block);
  const config = configIn(index === number ? block : await blockAt(position(index), orderer, signer, channel));
  if (config === undefined) {
    throw new AdminError('BAD_RESPONSE', `delivers no configuration of ${channel} in block ${index}`, orderer.name);
  }
  return config;
}

function position(number: number): ordering.SeekPosition {
  const specified = new ordering.SeekSpecified();
  specified.setNumber(number);
  const at = new ordering.SeekPosition();
  at.setSpecified(specified);
  return at;
}

function blockAt(
  at: ordering.SeekPosition,
  orderer: NodeConnection,
  signer: Signer,
  channel: string,
): Promise<common.Block> {
  const seek = new ordering.SeekInfo();
  seek.setStart(at);
  seek.setStop(at);
  seek.setBehavior(ordering.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY);
  return new Promise((resolve, reject) => {
    const stream = orderer.broadcast.deliver({ deadline: Date.now() + ANSWER_MS });
    stream.on('data', (response: ordering.DeliverResponse) => {
      const block = response.getBlock();
      if (block !== undefined) resolve(block);
      else reject(new AdminError('REFUSED', `delivers no block (status ${response.getStatus()})`, orderer.name));
      stream.end();
    });
    stream.on('error', (error: ServiceError) => {
      reject(orderer.failure(error));
    });
    stream.on('end', () => {
      reject(new AdminError('BAD_RESPONSE', 'closed without a block', orderer.name));
    });
    stream.write(seekEnvelope(seek, channel, signer, orderer.tlsCertificateHash));
  });
}

/** The number of the block with the configuration under which a block was made. The first one names none: it is that itself. */
function configBlockOf(block: common.Block): number {
  const signed = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.SIGNATURES];
  const value = common.Metadata.deserializeBinary(signed ?? new Uint8Array()).getValue_asU8();
  return common.OrdererBlockMetadata.deserializeBinary(value).getLastConfig()?.getIndex() ?? 0;
}

function configIn(block: common.Block): common.Config | undefined {
  const [data] = block.getData()?.getDataList_asU8() ?? [];
  const payload = common.Payload.deserializeBinary(
    common.Envelope.deserializeBinary(data ?? new Uint8Array()).getPayload_asU8(),
  );
  if (headerType(payload) !== common.HeaderType.CONFIG) return undefined;
  return common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig();
}

function headerType(payload: common.Payload): number {
  const bytes = payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array();
  return common.ChannelHeader.deserializeBinary(bytes).getType();
}
