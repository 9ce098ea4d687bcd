import { common } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { randomBytes } from 'node:crypto';

/** A signer: an identity of an MSP and its key, wherever the key is. */
export interface ConfigSigner {
  /** Serialised `msp.SerializedIdentity`. */
  readonly serialized: Uint8Array;
  /** DER ECDSA with SHA-256 and low s, over the message. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * One organisation's signature on an update. All sign the same bytes independently, and send back only this.
 * @param update - A serialised `common.ConfigUpdate`.
 */
export async function signConfigUpdate(update: Uint8Array, signer: ConfigSigner): Promise<common.ConfigSignature> {
  const header = signatureHeader(signer);
  const signature = new common.ConfigSignature();
  signature.setSignatureHeader(header);
  signature.setSignature(await signer.sign(Buffer.concat([header, update])));
  return signature;
}

/** The update with its signatures, in a signed envelope of the kind that orderers take. */
export async function configUpdateEnvelope(
  channelId: string,
  update: Uint8Array,
  signatures: readonly common.ConfigSignature[],
  signer: ConfigSigner,
): Promise<common.Envelope> {
  const updateEnvelope = new common.ConfigUpdateEnvelope();
  updateEnvelope.setConfigUpdate(update);
  updateEnvelope.setSignaturesList([...signatures]);
  return signedEnvelope(common.HeaderType.CONFIG_UPDATE, channelId, updateEnvelope.serializeBinary(), signer);
}

/** The transaction by which an orderer puts an accepted configuration on the ledger. */
export async function configEnvelope(
  channelId: string,
  config: common.ConfigEnvelope,
  signer: ConfigSigner,
): Promise<common.Envelope> {
  return signedEnvelope(common.HeaderType.CONFIG, channelId, config.serializeBinary(), signer);
}

async function signedEnvelope(
  type: common.HeaderTypeMap[keyof common.HeaderTypeMap],
  channelId: string,
  data: Uint8Array,
  signer: ConfigSigner,
): Promise<common.Envelope> {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(type);
  channelHeader.setTimestamp(Timestamp.fromDate(new Date()));
  channelHeader.setChannelId(channelId);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader(signer));
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(data);
  const bytes = payload.serializeBinary();
  const envelope = new common.Envelope();
  envelope.setPayload(bytes);
  envelope.setSignature(await signer.sign(bytes));
  return envelope;
}

function signatureHeader(signer: ConfigSigner): Uint8Array {
  const header = new common.SignatureHeader();
  header.setCreator(signer.serialized);
  header.setNonce(randomBytes(24));
  return header.serializeBinary();
}
