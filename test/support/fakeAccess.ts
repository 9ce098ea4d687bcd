import { common, msp } from '@hyperledger/fabric-protos';
import type { Certificate, SignedData } from '@tracecal/ledger/identity';
import type { ChannelAccess, PolicyOutcome } from '@tracecal/ledger/policy';
import { createHash } from 'node:crypto';
import { newBlock } from '@tracecal/network/channel';

/**
 * Access rules without cryptography: a signature is a hash over identity and data, a policy is the list of MSP ids that
 * must all have signed. What a ledger does with them is the same.
 */
export function fakeAccess(channelId: string, msps: readonly string[], sequence = 0): ChannelAccess {
  const config = new common.Config();
  config.setSequence(sequence);
  const mspOf = (identity: Uint8Array): string => {
    const mspId = msp.SerializedIdentity.deserializeBinary(identity).getMspid();
    if (!msps.includes(mspId)) {
      throw new Error(`unknown MSP '${mspId}'`);
    }
    return mspId;
  };
  const signers = (signed: readonly SignedData[]): string[] =>
    signed.filter(hasSigned).map(({ identity }) => mspOf(identity));
  const identity = (serialized: Uint8Array) => ({
    mspId: mspOf(serialized),
    role: 'client' as const,
    serialized,
    get certificate(): Certificate {
      throw new Error('A fake identity has no certificate.');
    },
  });
  const satisfiesSignaturePolicy = (envelope: Uint8Array, signed: readonly SignedData[]): PolicyOutcome => {
    const missing = mspsOf(envelope).filter((mspId) => !signers(signed).includes(mspId));
    return missing.length === 0 ? { satisfied: true } : { satisfied: false, why: `missing ${missing.join()}` };
  };
  return {
    channelId,
    config: config.serializeBinary(),
    sequence,
    applicationMsps: msps,
    identity,
    authenticate: (signed) => {
      if (!hasSigned(signed)) {
        throw new Error('bad signature');
      }
      return identity(signed.identity);
    },
    satisfies: () => ({ satisfied: true }),
    satisfiesSignaturePolicy,
    satisfiesApplicationPolicy: satisfiesSignaturePolicy,
    signaturePolicyOf: (policy) => policy,
    endorsementPolicyOf: (mspId) => allOf(mspId),
    policyFor: () => '/Channel/Application/Writers',
    layouts: (envelope) => [mspsOf(envelope)],
    batch: { maxMessages: 10, timeoutMs: 10, maxBytes: 1024 * 1024, preferredMaxBytes: 512 * 1024 },
  };
}

/** A policy that all of these organisations must satisfy. */
export function allOf(...mspIds: string[]): Uint8Array {
  return Buffer.from(mspIds.join());
}

function mspsOf(policy: Uint8Array): string[] {
  return Buffer.from(policy).toString().split(',');
}

export function fakeIdentity(mspId: string): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  return identity.serializeBinary();
}

export function fakeSignature(identity: Uint8Array, data: Uint8Array): Uint8Array {
  return createHash('sha256').update('signed').update(identity).update(data).digest();
}

function hasSigned({ identity, data, signature }: SignedData): boolean {
  return Buffer.compare(signature, fakeSignature(identity, data)) === 0;
}

/** A config envelope that a fake access can be made of: the sequence number is all that it says. */
export function fakeConfigEnvelope(channelId: string, sequence: number, creator = 'NorthMSP'): Uint8Array {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG);
  channelHeader.setChannelId(channelId);
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(fakeIdentity(creator));
  signatureHeader.setNonce(Buffer.from(`config ${sequence}`));
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const config = new common.Config();
  config.setSequence(sequence);
  const configEnvelope = new common.ConfigEnvelope();
  configEnvelope.setConfig(config);
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(configEnvelope.serializeBinary());
  const payloadBytes = payload.serializeBinary();
  const envelope = new common.Envelope();
  envelope.setPayload(payloadBytes);
  envelope.setSignature(fakeSignature(fakeIdentity(creator), payloadBytes));
  return envelope.serializeBinary();
}

export function fakeGenesis(channelId: string): common.Block {
  return newBlock(0, new Uint8Array(), [fakeConfigEnvelope(channelId, 0)]);
}

/** Reads what {@link fakeConfigEnvelope} wrote. */
export function fakeSequence(block: common.Block): number {
  const [data = new Uint8Array()] = block.getData()?.getDataList_asU8() ?? [];
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(data).getPayload_asU8());
  return common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig()?.getSequence() ?? -1;
}
