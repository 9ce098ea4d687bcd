import { msp } from '@hyperledger/fabric-protos';
import { signLowS } from '@tracecal/pki';
import { type SigningIdentity } from '../pki/index.js';

/** An identity that acts on a Fabric network, in the form that the protocol needs. */
export class Signer {
  readonly mspId: string;
  /** Serialised `msp.SerializedIdentity`, the creator of everything that this identity signs. */
  readonly serialized: Uint8Array;
  readonly #identity: SigningIdentity;

  constructor(identity: SigningIdentity) {
    const serialized = new msp.SerializedIdentity();
    serialized.setMspid(identity.mspId);
    serialized.setIdBytes(Buffer.from(identity.certificate));
    this.mspId = identity.mspId;
    this.serialized = serialized.serializeBinary();
    this.#identity = identity;
  }

  /** ECDSA P-256 with SHA-256, DER, low S, as Fabric demands. */
  sign(message: Uint8Array): Uint8Array {
    return signLowS(this.#identity.privateKey, message);
  }
}
