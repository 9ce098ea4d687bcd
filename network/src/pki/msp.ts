import { X509Certificate, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { memberTree, ordererTree, type OrganisationTree } from './tree.js';
import { PkiError, readPrivateKey, type MspRole } from '@tracecal/pki';
import type { Consortium } from '../topology/consortium.js';

/** Content of an MSP in a channel's configuration. Certificates and revocation lists are PEM text. */
export interface MspMaterial {
  readonly mspId: string;
  readonly rootCerts: readonly string[];
  readonly intermediateCerts: readonly string[];
  readonly tlsRootCerts: readonly string[];
  readonly tlsIntermediateCerts: readonly string[];
  /** Empty if node OUs define the admins. */
  readonly admins: readonly string[];
  readonly revocationList: readonly string[];
  readonly nodeOus: NodeOus;
}

/** Node OUs: the organisational unit in a certificate defines the identity's role. */
export interface NodeOus {
  readonly enabled: boolean;
  readonly units: Readonly<Partial<Record<MspRole, NodeOu>>>;
}

export interface NodeOu {
  /** The organisational unit: `client`. */
  readonly unit: string;
  /** The CA (PEM) that must have issued the certificate, if the MSP requires one. */
  readonly certificate?: string;
}

/** An identity that can sign: certificate and private key. */
export interface SigningIdentity {
  readonly mspId: string;
  /** PEM. */
  readonly certificate: string;
  readonly privateKey: KeyObject;
}

/** A TLS key with its certificate and roots, all PEM. */
export interface TlsMaterial {
  readonly ca: string;
  readonly certificate: string;
  readonly privateKey: string;
}

const nodeOuSchema = z.strictObject({
  Certificate: z.string().optional(),
  OrganizationalUnitIdentifier: z.string().min(1),
});

const configSchema = z.strictObject({
  NodeOUs: z.strictObject({
    Enable: z.boolean(),
    ClientOUIdentifier: nodeOuSchema.optional(),
    PeerOUIdentifier: nodeOuSchema.optional(),
    AdminOUIdentifier: nodeOuSchema.optional(),
    OrdererOUIdentifier: nodeOuSchema.optional(),
  }),
});

/**
 * Reads an organisation's MSP folder (`.../<domain>/msp`).
 * @throws PkiError `MATERIAL_MISSING` or `MATERIAL_MALFORMED`, naming the file.
 */
export function loadMsp(directory: string, mspId: string): MspMaterial {
  return {
    mspId,
    rootCerts: required(directory, 'cacerts').map(certificateText),
    intermediateCerts: texts(directory, 'intermediatecerts').map(certificateText),
    tlsRootCerts: texts(directory, 'tlscacerts').map(certificateText),
    tlsIntermediateCerts: texts(directory, 'tlsintermediatecerts').map(certificateText),
    admins: texts(directory, 'admincerts').map(certificateText),
    revocationList: texts(directory, 'crls').map(({ text }) => text),
    nodeOus: loadNodeOus(directory),
  };
}

/** The CAs that an organisation's nodes may have their TLS certificates of, PEM: two while it replaces one. @throws PkiError */
export function tlsRootsOf({ msp, tlsCaCertificate }: OrganisationTree): string {
  const roots = texts(msp, 'tlscacerts').map(certificateText);
  return roots.length === 0 ? certificateText(file(tlsCaCertificate)) : roots.join('\n');
}

/** Reads the MSP of every member and every ordering node from a crypto-config tree, by MSP id. @throws PkiError */
export function loadConsortiumMsps(consortium: Consortium, directory: string): ReadonlyMap<string, MspMaterial> {
  const members = consortium.organisations.map((member) => [memberTree(directory, member), member] as const);
  const orderers = consortium.orderers.map((orderer) => [ordererTree(directory, orderer), orderer] as const);
  return new Map([...members, ...orderers].map(([tree, { mspId }]) => [mspId, loadMsp(tree.msp, mspId)]));
}

/**
 * Reads the identity of a node or a user from its local MSP folder (`.../users/User1@<domain>/msp`).
 * @throws PkiError `MATERIAL_MISSING`, `MATERIAL_MALFORMED`, or `KEY_MISMATCH` if no key of its keystore matches the certificate.
 */
export function loadSigningIdentity(directory: string, mspId: string): SigningIdentity {
  const certificate = loadIdentityCertificate(directory);
  const x509 = new X509Certificate(certificate);
  // Enrolment tools leave one key for each renewal; only one of them matches.
  const privateKey = required(directory, 'keystore')
    .map(({ text }) => readPrivateKey(text))
    .find((key) => x509.checkPrivateKey(key));
  if (privateKey === undefined) {
    throw new PkiError(
      'KEY_MISMATCH',
      `No private key in ${join(directory, 'keystore')} fits the certificate beside it.`,
    );
  }
  return { mspId, certificate, privateKey };
}

/** Reads the certificate alone of an identity, which may be somebody else's. @throws PkiError `MATERIAL_MISSING` or `MATERIAL_MALFORMED` */
export function loadIdentityCertificate(directory: string): string {
  const [certificate] = required(directory, 'signcerts').map(certificateText);
  if (certificate === undefined) throw missing(join(directory, 'signcerts'));
  return certificate;
}

/** Reads the certificate alone with which a node serves TLS. @throws PkiError `MATERIAL_MISSING` or `MATERIAL_MALFORMED` */
export function loadServerCertificate(directory: string): string {
  return certificateText(file(join(directory, 'server.crt')));
}

/** Reads a TLS folder (`.../tls`) of a node or a user. @throws PkiError `MATERIAL_MISSING` or `MATERIAL_MALFORMED`, naming the file. */
export function loadTls(directory: string): TlsMaterial {
  const name = existsSync(join(directory, 'server.crt')) ? 'server' : 'client';
  return {
    ca: certificateText(file(join(directory, 'ca.crt'))),
    certificate: certificateText(file(join(directory, `${name}.crt`))),
    privateKey: file(join(directory, `${name}.key`)).text,
  };
}

interface TextFile {
  readonly path: string;
  readonly text: string;
}

function loadNodeOus(directory: string): NodeOus {
  const path = join(directory, 'config.yaml');
  if (!existsSync(path)) return { enabled: false, units: {} };
  const ous = parseConfig(file(path)).NodeOUs;
  const declared = [
    ['client', ous.ClientOUIdentifier],
    ['peer', ous.PeerOUIdentifier],
    ['admin', ous.AdminOUIdentifier],
    ['orderer', ous.OrdererOUIdentifier],
  ] as const;
  const units: Partial<Record<MspRole, NodeOu>> = {};
  for (const [role, ou] of declared) {
    if (ou === undefined) continue;
    const certificate = ou.Certificate === undefined ? undefined : file(join(directory, ou.Certificate));
    units[role] = {
      unit: ou.OrganizationalUnitIdentifier,
      ...(certificate === undefined ? {} : { certificate: certificateText(certificate) }),
    };
  }
  return { enabled: ous.Enable, units };
}

function parseConfig({ path, text }: TextFile): z.infer<typeof configSchema> {
  try {
    return configSchema.parse(parse(text));
  } catch (cause) {
    throw new PkiError('MATERIAL_MALFORMED', `${path} does not describe node OUs as Fabric's MSP folders do.`, {
      cause,
    });
  }
}

function required(directory: string, folder: string): TextFile[] {
  const found = texts(directory, folder);
  if (found.length === 0) throw missing(join(directory, folder));
  return found;
}

function texts(directory: string, folder: string): TextFile[] {
  const path = join(directory, folder);
  if (!existsSync(path)) return [];
  const names = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile());
  // Sort them: a channel's configuration must not depend on the file system's order.
  return names
    .map(({ name }) => name)
    .sort()
    .map((name) => file(join(path, name)));
}

function file(path: string): TextFile {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch {
    throw missing(path);
  }
}

function certificateText({ path, text }: TextFile): string {
  try {
    new X509Certificate(text);
    return text;
  } catch (cause) {
    throw new PkiError('MATERIAL_MALFORMED', `${path} is not a certificate in PEM form.`, { cause });
  }
}

function missing(path: string): PkiError {
  return new PkiError(
    'MATERIAL_MISSING',
    `${path} is missing or cannot be read: put it back, from where the keys are kept if a backup left them out.`,
  );
}
