import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Identity } from '@hyperledger/fabric-gateway';
import { derSignature } from '@tracecal/core/signing';
import { signP256 } from '@tracecal/core/signing/node';
import { USERNAME } from './connectionProfile.js';
import type { GatewayEndpoint } from './connectionProfile.js';
import { clientError } from './errors.js';
import { readKeyFile } from './keyFile.js';

/** The identity used with Fabric; its key may be in a token or in a key management service. */
export interface ClientIdentity {
  readonly identity: Identity;
  /** ECDSA P-256 with SHA-256 over this message, in DER form with low s: Fabric refuses high s. */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
}

/**
 * A user of a crypto-config tree: the folder `users/<name>@<domain>`, or the `msp` folder in it.
 * @throws TraceCalError `IDENTITY_INVALID`, `KEY_EXPOSED` or `KEY_INVALID`
 */
export async function readClientIdentity(folder: string, mspId: string): Promise<ClientIdentity> {
  const msp = basename(folder) === 'msp' ? folder : join(folder, 'msp');
  const certificate = await onlyCertificate(join(msp, 'signcerts'));
  const keyFile = await onlyFile(join(msp, 'keystore'));
  const key = await readKeyFile(keyFile);
  if (!certificate.checkPrivateKey(key)) {
    throw clientError('IDENTITY_INVALID', `${keyFile} is not the key of its certificate.`);
  }
  return {
    identity: { mspId, credentials: Buffer.from(certificate.toString()) },
    sign: (message) => Promise.resolve(derSignature(signP256(key, message))),
  };
}

/**
 * A user, by the name of a folder in the tree that a connection profile names, or by the path of the folder.
 * @throws TraceCalError `PROFILE_INVALID`, or as {@link readClientIdentity}
 */
export function readUser({ mspId, userPaths }: GatewayEndpoint, user: string): Promise<ClientIdentity> {
  if (/[/\\]/.test(user)) {
    return readClientIdentity(resolve(user), mspId);
  }
  const folders = userPaths.map((path) => path.replaceAll(USERNAME, user));
  const [stated] = folders;
  if (stated === undefined) {
    throw clientError(
      'PROFILE_INVALID',
      `It does not say where ${user} is: give the user's folder instead of the name.`,
    );
  }
  return readClientIdentity(folders.find((folder) => existsSync(folder)) ?? stated, mspId);
}

/** The certificate of a folder, which may hold it under several names: those of cryptogen and of Fabric CA. */
async function onlyCertificate(folder: string): Promise<X509Certificate> {
  const names = await namesIn(folder);
  const certificates = await Promise.all(names.map((name) => readCertificate(join(folder, name))));
  const [certificate, ...others] = certificates;
  if (certificate === undefined) throw clientError('IDENTITY_INVALID', `${folder} holds no certificate.`);
  if (others.some(({ fingerprint256 }) => fingerprint256 !== certificate.fingerprint256)) {
    throw clientError('IDENTITY_INVALID', `${folder} holds different certificates: leave the one to use.`);
  }
  return certificate;
}

async function onlyFile(folder: string): Promise<string> {
  const names = await namesIn(folder);
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) {
    throw clientError('IDENTITY_INVALID', `${folder} holds ${names.length} files instead of one.`);
  }
  return join(folder, name);
}

function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((cause: unknown) => {
    throw clientError('IDENTITY_INVALID', folder, { cause });
  });
}

async function readCertificate(path: string): Promise<X509Certificate> {
  try {
    return new X509Certificate(await readFile(path));
  } catch (cause) {
    throw clientError('IDENTITY_INVALID', path, { cause });
  }
}
