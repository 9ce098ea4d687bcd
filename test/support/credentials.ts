import { signers, type Signer } from '@hyperledger/fabric-gateway';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Authority, generateKeyPair, readPrivateKey, signerOf, toLowS } from '@tracecal/pki';
import { memberTree } from '@tracecal/network/pki';
import type { Credentials } from './application.js';
import type { EngineNetwork } from './engine.js';
import { mspIdOf, type MemberId } from './scenarioConsortium.js';

const MINUTE_MS = 60_000;
const ROLES_ATTRIBUTE = 'tracecal.roles';

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** So many minutes before or after now. */
export function minutesFromNow(minutes: number): Date {
  return new Date(Date.now() + minutes * MINUTE_MS);
}

/** What a CA writes into a certificate beside the name. */
export interface Enrolment {
  /** From five minutes ago for an hour, unless given. */
  readonly validity?: Validity;
  readonly role?: 'client' | 'admin' | 'peer';
  /** As in `tracecal.roles`. */
  readonly roles?: readonly string[];
}

/** Somebody whom the organisation's own CA certifies as the test asks it to. */
export async function enrolled(network: EngineNetwork, member: string, enrolment: Enrolment): Promise<Credentials> {
  const organisation = network.consortium.organisations.find(({ id }) => id === member)!;
  const tree = memberTree(network.cryptoDir, organisation);
  const key = readPrivateKey(readFileSync(join(tree.ca, 'priv_sk'), 'utf8'));
  return certified(new Authority(readFileSync(tree.caCertificate, 'utf8'), signerOf(key)), organisation, enrolment);
}

/** A client who says that he is of the organisation, certified by a CA that nobody knows. */
export async function selfMade(member: MemberId): Promise<Credentials> {
  const validity = soon();
  const key = generateKeyPair();
  const subject = { organisation: `${member}.example`, country: 'ZZ', validity };
  const request = { ...subject, commonName: `ca.${member}.example`, publicKey: key.publicKey };
  const authority = await Authority.createRoot(request, signerOf(key.privateKey));
  return certified(authority, { domain: `${member}.example`, mspId: mspIdOf(member) }, { validity });
}

/** Signs with a key that is not the certificate's. */
export function otherSigner(): Signer {
  return signers.newPrivateKeySigner(generateKeyPair().privateKey);
}

/** The same signer, whose signatures have the other, mathematically equal S: the high one. */
export function highS(signer: Signer): Signer {
  return async (digest) => withHighS(await signer(digest));
}

/** Turns an ECDSA P-256 signature (DER) with a low S into the equal one with a high S. */
export function withHighS(signature: Uint8Array): Uint8Array {
  const { r, s } = readDer(Buffer.from(signature));
  const high = writeDer(r, P256_ORDER - s);
  if (!Buffer.from(toLowS(high)).equals(Buffer.from(signature))) throw new Error('The signature had no low S.');
  return high;
}

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function readDer(der: Buffer): { readonly r: bigint; readonly s: bigint } {
  const lengthOfR = der[3]!;
  const startOfS = 4 + lengthOfR + 2;
  return { r: integer(der.subarray(4, 4 + lengthOfR)), s: integer(der.subarray(startOfS)) };
}

function integer(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function writeDer(...integers: readonly bigint[]): Buffer {
  const encoded = Buffer.concat(
    integers.map((value) => {
      const hex = value.toString(16);
      const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
      const positive = bytes[0]! > 0x7f ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
      return Buffer.concat([Buffer.of(0x02, positive.length), positive]);
    }),
  );
  return Buffer.concat([Buffer.of(0x30, encoded.length), encoded]);
}

async function certified(
  authority: Authority,
  { domain, mspId }: { readonly domain: string; readonly mspId: string },
  { validity = soon(), role = 'client', roles = [] }: Enrolment,
): Promise<Credentials> {
  const { publicKey, privateKey } = generateKeyPair();
  const certificate = await authority.issueIdentity({
    commonName: `Visitor@${domain}`,
    organisation: domain,
    country: 'ZZ',
    role,
    ...(roles.length > 0 && { attributes: { [ROLES_ATTRIBUTE]: roles.join(',') } }),
    publicKey,
    validity,
  });
  return {
    identity: { mspId, credentials: Buffer.from(certificate) },
    signer: signers.newPrivateKeySigner(privateKey),
  };
}

function soon(): Validity {
  return { notBefore: minutesFromNow(-5), notAfter: minutesFromNow(60) };
}
