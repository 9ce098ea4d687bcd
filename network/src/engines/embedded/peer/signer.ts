import { msp } from '@hyperledger/fabric-protos';
import type { KeyObject } from 'node:crypto';
import { signLowS } from '@tracecal/pki';

/** An organisation's peer as a signer of endorsements. */
export interface PeerSigner {
  /** Serialised `msp.SerializedIdentity`. */
  readonly identity: Uint8Array;
  /** DER ECDSA with SHA-256, low-S. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** A signer whose key stays in this process. */
export function peerSigner(mspId: string, certificatePem: string, privateKey: KeyObject): PeerSigner {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(Buffer.from(certificatePem));
  return { identity: identity.serializeBinary(), sign: (bytes) => signLowS(privateKey, bytes) };
}
