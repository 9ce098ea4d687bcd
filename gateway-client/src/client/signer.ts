import { printable, RegistryError } from '@tracecal/core/model';
import type { JwsSignature } from '@tracecal/core/model';
import { jwsSignature, readCertificate, signerName, signingInput, verifyP256, withLowS } from '@tracecal/core/signing';
import type { CalibrationCertificate, CertificateRole } from '@tracecal/core/signing';
import { clientError, TraceCalError } from './errors.js';

/**
 * A key of the calibration chain that can sign, wherever it is kept: in a file, a token, a key management service. The
 * private key itself never passes through this interface.
 */
export interface Signer {
  /** The certificate that the registry holds for this key; DER in base64. */
  readonly certificate: string;
  /**
   * ECDSA P-256 with SHA-256 over these bytes: 64 bytes, r and s. A high s is lowered by the caller, who waits as long as it
   * takes: somebody may have to touch a token.
   */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** The profiles exclude one another: a certificate fits at most one of them. */
const ROLES: readonly CertificateRole[] = ['technician', 'device', 'officer', 'organisation'];

/**
 * The signer's name in a statement, from its certificate: `technician:lab-alpha/t-1`.
 * @throws TraceCalError `CERTIFICATE_INVALID`
 */
export function nameOfSigner(signer: Signer): string {
  const { role, id } = certificateOf(signer);
  return signerName(role, id);
}

/** Signers whose private key is an object of this process: it cannot become another one, as a token can be exchanged. */
const keysInMemory = new WeakSet<object>();

/** A signer over a key in memory. */
export function signerInMemory(certificate: string, sign: Signer['sign']): Signer {
  keysInMemory.add(sign);
  return { certificate, sign };
}

/** Signs one payload after another with one signer, whose certificate is read once. */
export class Signatures {
  readonly #signer: Signer;
  readonly #certificate: CalibrationCertificate;
  readonly #name: string;
  #isProven = false;

  /** @throws TraceCalError `CERTIFICATE_INVALID` */
  constructor(signer: Signer) {
    this.#signer = signer;
    this.#certificate = certificateOf(signer);
    const { role, id } = this.#certificate;
    this.#name = signerName(role, id);
  }

  get certificate(): CalibrationCertificate {
    return this.#certificate;
  }

  /**
   * The signature of a payload. It is verified before use, so that a token with the wrong certificate is detected here and not by the
   * registry. A key in memory is verified once: verifying costs more than signing.
   *
   * @throws TraceCalError `SIGNER_INVALID`, also if the signer fails
   */
  async of(payload: string): Promise<JwsSignature> {
    const input = signingInput(this.#name, payload);
    const signature = await signedBy(this.#signer, this.#name, input);
    const normalised = signature.length === 64 ? withLowS(signature) : signature;
    if (!this.#isProven && !verifyP256(this.#certificate.publicKey, input, normalised)) {
      throw clientError('SIGNER_INVALID', `Expected a signature by ${this.#name}.`);
    }
    this.#isProven = keysInMemory.has(Reflect.get(this.#signer, 'sign'));
    return jwsSignature(this.#name, normalised);
  }
}

/** One signature of a statement. @throws TraceCalError as {@link Signatures}, or `CERTIFICATE_INVALID` */
export async function signatureOf(signer: Signer, payload: string): Promise<JwsSignature> {
  return new Signatures(signer).of(payload);
}

/** A token or a service can fail in any way; and programs in JavaScript have no compiler that says what a signer answers. */
async function signedBy(signer: Signer, name: string, input: Uint8Array): Promise<Uint8Array> {
  const didNot = (why: string, cause?: unknown) =>
    new TraceCalError('SIGNER_INVALID', `${name} did not sign: ${printable(why)}`, { cause });
  let signature: unknown;
  try {
    signature = await signer.sign(input);
  } catch (error) {
    throw didNot(error instanceof Error ? error.message : String(error), error);
  }
  if (!(signature instanceof Uint8Array)) {
    throw didNot('no bytes were returned.');
  }
  return signature;
}

function certificateOf({ certificate }: Signer): CalibrationCertificate {
  const problems: RegistryError[] = [];
  for (const role of ROLES) {
    try {
      return readCertificate(certificate, role);
    } catch (error) {
      if (!(error instanceof RegistryError)) {
        throw error;
      }
      problems.push(error);
    }
  }
  const told = [...new Set(problems.map(({ code, message }) => message.slice(code.length + 2)))].join(' ');
  throw new TraceCalError('CERTIFICATE_INVALID', told, { cause: problems[0] });
}
