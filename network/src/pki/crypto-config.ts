import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { attributesOf, Authority, type MspRole } from './authority.js';
import { PkiError } from './errors.js';
import { Staging, writeWhole, type NewFile } from './files.js';
import { validFor } from './issue.js';
import { generateKeyPair, privateKeyPem, readPrivateKey } from './keys.js';
import { signerOf } from './signature.js';
import { hostOf, memberTree, ordererTree, type HolderTree, type OrganisationTree } from './tree.js';
import type { Validity } from './asn1.js';
import type { ClientUser, Consortium } from '../topology/consortium.js';

/** The Fabric attribute in which a client's certificate carries its roles, comma separated and sorted. */
export const ROLES_ATTRIBUTE = 'tracecal.roles';

const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 1825;
/** Fabric verifies a chain as of the moment at which the leaf became valid: a CA must be older than all that it certifies. */
const AUTHORITY_HEAD_START_MS = 24 * 60 * 60 * 1000;
const KEY_FILE = 'priv_sk';
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

/** An organisation with an MSP of its own, a member or an ordering node's, as this module needs to know it. */
interface Organisation {
  readonly tree: OrganisationTree;
  readonly country: string;
  readonly nodeRole: 'peer' | 'orderer';
  readonly nodes: readonly { readonly name: string }[];
  readonly users: readonly ClientUser[];
}

/**
 * Makes the crypto-config tree of a consortium as cryptogen lays it out: CAs, organisation MSPs, and the MSP and TLS material of
 * every node and user, each organisation with an `Admin`. What exists stays (a user whose roles have changed gets a new
 * certificate for the same key); what is missing is added, so that it can be called again after an edit of the consortium.
 * @returns The folders that were made, empty if nothing was missing.
 * @throws PkiError `AUTHORITY_KEY_MISSING` if something is missing and the CA of its organisation is kept elsewhere.
 */
export async function writeCryptoConfig(consortium: Consortium, directory: string): Promise<readonly string[]> {
  const staging = new Staging(directory);
  try {
    const writer = new TreeWriter(staging);
    for (const organisation of organisationsOf(consortium, directory)) await writer.write(organisation);
    return writer.made;
  } finally {
    staging.close();
  }
}

function organisationsOf(consortium: Consortium, directory: string): readonly Organisation[] {
  const countries = new Map(consortium.organisations.map(({ id, country }) => [id, country]));
  const members = consortium.organisations.map((member): Organisation => {
    const tree = memberTree(directory, member);
    return { tree, country: member.country, nodeRole: 'peer', nodes: member.peers, users: member.users };
  });
  const orderers = consortium.orderers.map((orderer): Organisation => {
    // ZZ: the code that ISO 3166 leaves to users, for an orderer whose member is not described.
    const country = countries.get(orderer.runBy) ?? 'ZZ';
    return { tree: ordererTree(directory, orderer), country, nodeRole: 'orderer', nodes: [orderer], users: [] };
  });
  return [...members, ...orderers];
}

class TreeWriter {
  readonly made: string[] = [];
  readonly #staging: Staging;

  constructor(staging: Staging) {
    this.#staging = staging;
  }

  async write({ tree, country, nodeRole, nodes, users }: Organisation): Promise<void> {
    const ca = await this.#authority(tree, country, 'ca');
    const tlsca = await this.#authority(tree, country, 'tlsca');
    if (!existsSync(tree.msp)) this.#create(tree.msp, mspFiles(tree, ''));
    const holders = new HolderFactory(tree, country, ca, tlsca);
    for (const { name } of nodes) {
      const holder = tree.node(name);
      if (!existsSync(holder.root)) this.#create(holder.root, await holders.node(name, nodeRole));
    }
    if (!existsSync(tree.user('Admin').root))
      this.#create(tree.user('Admin').root, await holders.user('Admin', 'admin', []));
    for (const user of users) await this.#user(holders, tree.user(user.name), user);
  }

  async #user(holders: HolderFactory, holder: HolderTree, { name, roles }: ClientUser): Promise<void> {
    if (!existsSync(holder.root)) {
      this.#create(holder.root, await holders.user(name, 'client', roles));
    } else if (await holders.renewRoles(name, holder, roles)) {
      this.made.push(holder.root);
    }
  }

  /** Opens one of an organisation's two CAs, making it first if the organisation is new. */
  async #authority(tree: OrganisationTree, country: string, kind: 'ca' | 'tlsca'): Promise<AuthorityOnDisk> {
    const folder = tree[kind];
    const certificateFile = kind === 'ca' ? tree.caCertificate : tree.tlsCaCertificate;
    // An MSP without a CA beside it was enrolled elsewhere: a second CA of the same name would vouch for nobody.
    if (!existsSync(folder) && !existsSync(tree.msp)) {
      const { publicKey, privateKey } = generateKeyPair();
      const authority = await Authority.createRoot(
        {
          commonName: `${kind}.${tree.domain}`,
          organisation: tree.domain,
          country,
          publicKey,
          validity: validFor(AUTHORITY_DAYS, new Date(Date.now() - AUTHORITY_HEAD_START_MS)),
        },
        signerOf(privateKey),
      );
      this.#create(folder, [
        { path: basename(certificateFile), content: authority.certificate },
        { path: KEY_FILE, content: privateKeyPem(privateKey), secret: true },
      ]);
    }
    return new AuthorityOnDisk(certificateFile, join(folder, KEY_FILE));
  }

  #create(target: string, files: readonly NewFile[]): void {
    this.#staging.create(target, files);
    this.made.push(target);
  }
}

/** A CA that is read only when it has something to sign: in production its key is elsewhere. */
class AuthorityOnDisk {
  readonly #certificateFile: string;
  readonly #keyFile: string;
  #opened: Authority | undefined;

  constructor(certificateFile: string, keyFile: string) {
    this.#certificateFile = certificateFile;
    this.#keyFile = keyFile;
  }

  get canSign(): boolean {
    return existsSync(this.#certificateFile) && existsSync(this.#keyFile);
  }

  open(purpose: string): Authority {
    if (!this.canSign) {
      throw new PkiError(
        'AUTHORITY_KEY_MISSING',
        `${purpose} is missing and ${this.#keyFile} is not here to certify it; enrol it with the CA that holds that key.`,
      );
    }
    this.#opened ??= new Authority(
      readFileSync(this.#certificateFile, 'utf8'),
      signerOf(readPrivateKey(readFileSync(this.#keyFile, 'utf8'))),
    );
    return this.#opened;
  }
}

/** Makes the material of an organisation's nodes and users. */
class HolderFactory {
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

  async node(name: string, role: 'peer' | 'orderer'): Promise<readonly NewFile[]> {
    const host = hostOf({ name }, this.#tree);
    return [...(await this.#msp(host, role)), ...(await this.#tls(host, 'server', [host, name, ...LOOPBACK]))];
  }

  async user(name: string, role: 'client' | 'admin', roles: readonly string[]): Promise<readonly NewFile[]> {
    const commonName = `${name}@${this.#tree.domain}`;
    return [...(await this.#msp(commonName, role, roles)), ...(await this.#tls(commonName, 'client', []))];
  }

  /** Certifies a user's key again if the certificate states other roles. @returns Whether it did. */
  async renewRoles(name: string, holder: HolderTree, roles: readonly string[]): Promise<boolean> {
    const commonName = `${name}@${this.#tree.domain}`;
    const file = join(holder.msp, 'signcerts', certificateFile(commonName));
    // A user who was enrolled elsewhere has the roles that were given there.
    if (!existsSync(file) || !this.#ca.canSign) return false;
    const certificate = readFileSync(file, 'utf8');
    if ((attributesOf(certificate)[ROLES_ATTRIBUTE] ?? '') === rolesText(roles)) return false;
    const { publicKey } = new X509Certificate(certificate);
    writeWhole(file, await this.#identity(commonName, 'client', roles, publicKey));
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

  #identity(
    commonName: string,
    role: MspRole,
    roles: readonly string[],
    publicKey: Keys['publicKey'],
  ): Promise<string> {
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
    const validity = within(validFor(LEAF_DAYS), authority.notAfter);
    return { commonName, organisation: this.#tree.domain, country: this.#country, validity };
  }
}

type Keys = ReturnType<typeof generateKeyPair>;

function within({ notBefore, notAfter }: Validity, limit: Date): Validity {
  return { notBefore, notAfter: notAfter < limit ? notAfter : limit };
}

function rolesText(roles: readonly string[]): string {
  return [...roles].sort().join(',');
}

function certificateFile(commonName: string): string {
  return `${commonName}-cert.pem`;
}

/** The part of an MSP folder that all of an organisation's identities share. */
function mspFiles(tree: OrganisationTree, folder: string): readonly NewFile[] {
  const caFile = basename(tree.caCertificate);
  return [
    { path: join(folder, 'cacerts', caFile), content: readFileSync(tree.caCertificate, 'utf8') },
    {
      path: join(folder, 'tlscacerts', basename(tree.tlsCaCertificate)),
      content: readFileSync(tree.tlsCaCertificate, 'utf8'),
    },
    { path: join(folder, 'config.yaml'), content: nodeOuConfig(`cacerts/${caFile}`) },
  ];
}

function nodeOuConfig(certificate: string): string {
  const units = ['Client', 'Peer', 'Admin', 'Orderer'].map(
    (unit) =>
      `  ${unit}OUIdentifier:\n    Certificate: ${certificate}\n    OrganizationalUnitIdentifier: ${unit.toLowerCase()}\n`,
  );
  return `NodeOUs:\n  Enable: true\n${units.join('')}`;
}
