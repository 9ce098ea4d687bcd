import { msp } from '@hyperledger/fabric-protos';
import { createPrivateKey, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AdminError } from './errors.js';

/** Order of P-256 (SEC 2, section 2.4.2). */
const P256_ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** Somebody who acts on a Fabric network: a certificate of an MSP and the private key to it. */
export class SigningIdentity {
  readonly mspId: string;
  /** Serialised `msp.SerializedIdentity`, the creator of everything that this identity signs. */
  readonly serialized: Uint8Array;
  readonly #privateKey: KeyObject;

  constructor(mspId: string, certificate: Buffer, privateKey: KeyObject) {
    const identity = new msp.SerializedIdentity();
    identity.setMspid(mspId);
    identity.setIdBytes(certificate);
    this.mspId = mspId;
    this.serialized = identity.serializeBinary();
    this.#privateKey = privateKey;
  }

  /** ECDSA P-256 with SHA-256, DER, low S: Fabric refuses the other half of the valid signatures. */
  sign(message: Uint8Array): Uint8Array {
    const fixed = sign('sha256', message, { key: this.#privateKey, dsaEncoding: 'ieee-p1363' });
    const r = BigInt(`0x${fixed.toString('hex', 0, 32)}`);
    const s = BigInt(`0x${fixed.toString('hex', 32)}`);
    return derSignature(r, s > P256_ORDER / 2n ? P256_ORDER - s : s);
  }
}

/**
 * Reads the identity in an MSP folder as cryptogen lays it out: `signcerts/*.pem` and `keystore/*`.
 *
 * @throws AdminError `BAD_INPUT` when the folder does not hold exactly one usable key pair.
 */
export async function readIdentity(mspId: string, mspFolder: string): Promise<SigningIdentity> {
  const certificate = await onlyFile(join(mspFolder, 'signcerts'));
  const key = createPrivateKey(await onlyFile(join(mspFolder, 'keystore')));
  if (!new X509Certificate(certificate).checkPrivateKey(key)) {
    throw new AdminError('BAD_INPUT', `The key in ${mspFolder} does not belong to the certificate beside it.`);
  }
  return new SigningIdentity(mspId, certificate, key);
}

async function onlyFile(folder: string): Promise<Buffer> {
  const files = await readdir(folder).catch((): string[] => []);
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new AdminError('BAD_INPUT', `Expected one file in ${folder}, found ${files.length}.`);
  }
  return readFile(join(folder, file));
}

function derSignature(r: bigint, s: bigint): Buffer {
  const body = Buffer.concat([derInteger(r), derInteger(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const magnitude = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const bytes = (magnitude[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), magnitude]) : magnitude;
  return Buffer.concat([Buffer.from([0x02, bytes.length]), bytes]);
}
