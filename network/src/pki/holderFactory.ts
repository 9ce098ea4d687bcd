import { X509Certificate, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  attributesOf,
  generateKeyPair,
  privateKeyPem,
  validFor,
  type Authority,
  type MspRole,
  type Validity,
} from '@tracecal/pki';
import { atomicWrite } from '../system/atomicWrite.js';
import type { NewFile } from './files.js';
import { hostOf, type HolderTree, type OrganisationTree } from './tree.js';
import type { AuthorityOnDisk } from './authorityOnDisk.js';

/** The Fabric attribute with the roles in a client's certificate, comma separated and sorted. */
export const ROLES_ATTRIBUTE = 'tracecal.roles';

/** The name that cryptogen gives a private key, where applications look for it. */
export const KEY_FILE = 'priv_sk';

/** The name that Fabric CA's tools give a user's certificate; some applications look for this one, others for cryptogen's. */
const ENROLLED_FILE = 'cert.pem';

const LEAF_DAYS = 1825;
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

/** Makes the material of an organisation's nodes and users. */
export class HolderFactory {
  readonly #tree: OrganisationTree;
  readonly #country: string;
  readonly #ca: AuthorityOnDisk;
  readonly #tlsca: AuthorityOnDisk;

  constructor(tree: OrganisationTree, country: string, ca: AuthorityOnDisk, tlsca: AuthorityOnDisk) {
    this.#tree = tree;
    this.#country = country;
    this.#ca = ca;
    this.#tlsca = tlsca;
  }

  /** @param others Further names and addresses of the node. */
  async node(name: string, role: 'peer' | 'orderer', others: readonly string[] = []): Promise<readonly NewFile[]> {
    const host = hostOf({ name }, this.#tree);
    return [...(await this.#msp(host, role)), ...(await this.nodeTls(host, others))];
  }

  async user(name: string, role: 'client' | 'admin', roles: readonly string[]): Promise<readonly NewFile[]> {
    const commonName = `${name}@${this.#tree.domain}`;
    const msp = await this.#msp(commonName, role, roles);
    const enrolled = msp
      .filter(({ path }) => basename(path) === certificateFile(commonName))
      .map((file) => ({ ...file, path: join(dirname(file.path), ENROLLED_FILE) }));
    return [...msp, ...enrolled, ...(await this.userTls(commonName))];
  }

  /** New TLS material of a node, by its full host name. */
  nodeTls(host: string, others: readonly string[] = []): Promise<readonly NewFile[]> {
    const name = host.slice(0, -1 - this.#tree.domain.length);
    return this.#tls(host, 'server', [...new Set([host, name, ...LOOPBACK, ...others])]);
  }

  /** New TLS material of a user, by their common name: `User1@<domain>`. */
  userTls(commonName: string): Promise<readonly NewFile[]> {
    return this.#tls(commonName, 'client', []);
  }

  /** Certifies a user's key again if the certificate states other roles. @returns Whether it did. */
  async renewRoles(name: string, holder: HolderTree, roles: readonly string[]): Promise<boolean> {
    const commonName = `${name}@${this.#tree.domain}`;
    const file = join(holder.msp, 'signcerts', certificateFile(commonName));
    // A user enrolled elsewhere keeps the roles from there.
    if (!existsSync(file) || !this.#ca.canSign) return false;
    const certificate = readFileSync(file, 'utf8');
    if ((attributesOf(certificate)[ROLES_ATTRIBUTE] ?? '') === rolesText(roles)) return false;
    const { publicKey } = new X509Certificate(certificate);
    const renewed = await this.#identity(commonName, 'client', roles, publicKey);
    // Last the file that is read above: after an interruption both are written again.
    atomicWrite(enrolledFile(holder), renewed);
    atomicWrite(file, renewed);
    return true;
  }

  /** Adds a user's certificate under the name that Fabric CA's tools give it, if it has only cryptogen's. @returns Whether it did. */
  addEnrolledName(name: string, holder: HolderTree): boolean {
    const file = join(holder.msp, 'signcerts', certificateFile(`${name}@${this.#tree.domain}`));
    if (!existsSync(file) || existsSync(enrolledFile(holder))) return false;
    atomicWrite(enrolledFile(holder), readFileSync(file, 'utf8'));
    return true;
  }

  async #msp(commonName: string, role: MspRole, roles: readonly string[] = []): Promise<readonly NewFile[]> {
    const { publicKey, privateKey } = generateKeyPair();
    const certificate = await this.#identity(commonName, role, roles, publicKey);
    return [
      ...mspFiles(this.#tree, 'msp'),
      { path: join('msp', 'signcerts', certificateFile(commonName)), content: certificate },
      { path: join('msp', 'keystore', KEY_FILE), content: privateKeyPem(privateKey), secret: true },
    ];
  }

  #identity(commonName: string, role: MspRole, roles: readonly string[], publicKey: KeyObject): Promise<string> {
    const authority = this.#ca.open(commonName);
    const attributes = roles.length === 0 ? {} : { attributes: { [ROLES_ATTRIBUTE]: rolesText(roles) } };
    return authority.issueIdentity({ ...this.#base(commonName, authority), publicKey, role, ...attributes });
  }

  async #tls(commonName: string, end: 'server' | 'client', hosts: readonly string[]): Promise<readonly NewFile[]> {
    const authority = this.#tlsca.open(commonName);
    const { publicKey, privateKey } = generateKeyPair();
    const certificate = await authority.issueTls({ ...this.#base(commonName, authority), publicKey, hosts });
    return [
      { path: join('tls', 'ca.crt'), content: authority.certificate },
      { path: join('tls', `${end}.crt`), content: certificate },
      { path: join('tls', `${end}.key`), content: privateKeyPem(privateKey), secret: true },
    ];
  }

  #base(commonName: string, authority: Authority) {
    const validity = within(validFor(LEAF_DAYS), authority);
    return { commonName, organisation: this.#tree.domain, country: this.#country, validity };
  }
}

/** Limits a validity to that of the CA: Fabric verifies a chain at the time when the leaf became valid. */
function within({ notBefore, notAfter }: Validity, limit: Validity): Validity {
  return {
    notBefore: notBefore > limit.notBefore ? notBefore : limit.notBefore,
    notAfter: notAfter < limit.notAfter ? notAfter : limit.notAfter,
  };
}

function rolesText(roles: readonly string[]): string {
  return [...roles].sort().join(',');
}

function enrolledFile({ msp }: HolderTree): string {
  return join(msp, 'signcerts', ENROLLED_FILE);
}

function certificateFile(commonName: string): string {
  return `${commonName}-cert.pem`;
}

/** The part of an MSP folder that is the same for all identities of an organisation. */
export function mspFiles(tree: OrganisationTree, folder: string): readonly NewFile[] {
  return mspFilesOf(tree, folder, {
    cas: [readFileSync(tree.caCertificate, 'utf8')],
    tlsCas: [readFileSync(tree.tlsCaCertificate, 'utf8')],
  });
}

/** The CAs of an organisation, PEM. It has two of a kind while it replaces one. */
export interface Authorities {
  readonly cas: readonly string[];
  readonly tlsCas: readonly string[];
}

/** The same with these certificates. */
export function mspFilesOf(tree: OrganisationTree, folder: string, { cas, tlsCas }: Authorities): readonly NewFile[] {
  const caFile = basename(tree.caCertificate);
  return [
    ...cas.map((content, place) => ({ path: join(folder, 'cacerts', numbered(caFile, place)), content })),
    ...tlsCas.map((content, place) => ({
      path: join(folder, 'tlscacerts', numbered(basename(tree.tlsCaCertificate), place)),
      content,
    })),
    // Units bound to one CA would not be recognised in identities of the other.
    { path: join(folder, 'config.yaml'), content: nodeOuConfig(cas.length === 1 ? `cacerts/${caFile}` : undefined) },
  ];
}

function numbered(file: string, place: number): string {
  return place === 0 ? file : `${place + 1}-${file}`;
}

/** Makes MSPs recognise nodes and users by the unit in the certificates of this CA, or of any of theirs. */
export function nodeOuConfig(certificate?: string): string {
  const bound = certificate === undefined ? '' : `    Certificate: ${certificate}\n`;
  const units = ['Client', 'Peer', 'Admin', 'Orderer'].map(
    (unit) => `  ${unit}OUIdentifier:\n${bound}    OrganizationalUnitIdentifier: ${unit.toLowerCase()}\n`,
  );
  return `NodeOUs:\n  Enable: true\n${units.join('')}`;
}
