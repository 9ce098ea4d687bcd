import { common, type orderer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { randomBytes } from 'node:crypto';
import { signatureHeader } from './proposal.js';
import type { Signer } from './signer.js';

/** A request for blocks of a channel, as peers and orderers take it. */
export function seekEnvelope(
  seek: orderer.SeekInfo,
  channel: string,
  signer: Signer,
  tlsCertificateHash: Uint8Array,
): common.Envelope {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.DELIVER_SEEK_INFO);
  channelHeader.setChannelId(channel);
  channelHeader.setTimestamp(Timestamp.fromDate(new Date()));
  channelHeader.setTlsCertHash(tlsCertificateHash);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader(signer, randomBytes(24)).serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(seek.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature(signer.sign(envelope.getPayload_asU8()));
  return envelope;
}
