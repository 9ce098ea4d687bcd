import type { KeyObject } from 'node:crypto';
import { readCertificate, signingInput, jwsSignature, verifyP256, withLowS } from '@tracecal/chaincode/signing';
import type { CertificateRole, SignerKind } from '@tracecal/chaincode/signing';
import { signerName } from '@tracecal/chaincode/signing';
import type { JwsSignature } from '@tracecal/chaincode/model';
import { clientError } from './errors.js';
import { inputOf } from './input.js';

/**
 * A key of the calibration chain that can sign, wherever it lives: a file, a token, a key management service.
 * The private key itself never passes through this interface.
 */
export interface Signer {
  /** The certificate that the registry holds for this key; DER in base64. */
  readonly certificate: string;
  /** ECDSA P-256 with SHA-256 over these bytes: 64 bytes, r and s. A high s is lowered by the caller. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/**
 * One signature of a report or heartbeat. It is verified before it is used: a token that was set up with the wrong
 * certificate is found out here, not by the registry.
 * @throws TraceCalError `SIGNER_INVALID`, or `CERTIFICATE_INVALID` if its certificate is none of this kind
 */
export async function signPayload(
  kind: SignerKind,
  id: string,
  signer: Signer,
  payload: string,
): Promise<JwsSignature> {
  const name = signerName(kind, id);
  const input = signingInput(name, payload);
  const signature = await signer.sign(input);
  const normalised = signature.length === 64 ? withLowS(signature) : signature;
  if (!verifyP256(publicKeyOf(signer, kind), input, normalised)) {
    throw clientError('SIGNER_INVALID', `It was to sign as ${name}.`);
  }
  return jwsSignature(name, normalised);
}

function publicKeyOf({ certificate }: Signer, kind: SignerKind): KeyObject {
  return inputOf(() => readCertificate(certificate, kind satisfies CertificateRole)).publicKey;
}
