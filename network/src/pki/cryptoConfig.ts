import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AuthorityOnDisk } from './authorityOnDisk.js';
import { Authority, generateKeyPair, privateKeyPem, signerOf, validFor } from '@tracecal/pki';
import { Staging, type NewFile } from './files.js';
import { HolderFactory, KEY_FILE, mspFiles } from './holderFactory.js';
import { memberTree, ordererTree, type HolderTree, type OrganisationTree } from './tree.js';
import type { ClientUser, Consortium } from '../topology/consortium.js';

const AUTHORITY_DAYS = 3650;
/** Fabric verifies a chain at the time when the leaf became valid: a CA must be older than all its certificates. */
const AUTHORITY_HEAD_START_MS = 24 * 60 * 60 * 1000;

/** An organisation with its own MSP, a member or that of an ordering node, as far as this module needs it. */
interface Organisation {
  /** The member whose keys these are. */
  readonly member: string;
  readonly tree: OrganisationTree;
  readonly country: string;
  readonly nodeRole: 'peer' | 'orderer';
  readonly nodes: readonly { readonly name: string; readonly host?: string }[];
  readonly users: readonly ClientUser[];
}

/**
 * Makes the crypto-config tree of a consortium in cryptogen's layout: CAs, organisation MSPs, and the MSP and TLS material of every node
 * and user, each organisation with an `Admin`. Existing material stays (a user whose roles have changed gets a new certificate for the same
 * key) and missing material is added, so call it again after an edit of the consortium.
 * @param member - Makes only what is this member's: its own part, and that of the orderer which it runs.
 * @returns The new folders, empty if nothing was missing.
 * @throws PkiError `AUTHORITY_KEY_MISSING` if something is missing and the CA of its organisation is kept elsewhere.
 */
export async function writeCryptoConfig(
  consortium: Consortium,
  directory: string,
  member?: string,
): Promise<readonly string[]> {
  const staging = new Staging(directory);
  try {
    const writer = new TreeWriter(staging);
    for (const organisation of organisationsOf(consortium, directory)) {
      if (member === undefined || organisation.member === member) await writer.write(organisation);
    }
    return writer.made;
  } finally {
    staging.close();
  }
}

function organisationsOf(consortium: Consortium, directory: string): readonly Organisation[] {
  const countries = new Map(consortium.organisations.map(({ id, country }) => [id, country]));
  const members = consortium.organisations.map((member): Organisation => {
    const tree = memberTree(directory, member);
    const { id, country } = member;
    return { member: id, tree, country, nodeRole: 'peer', nodes: member.peers, users: member.users };
  });
  const orderers = consortium.orderers.map((orderer): Organisation => {
    // ZZ: the code that ISO 3166 leaves to users, for an orderer whose member is not described.
    const country = countries.get(orderer.runBy) ?? 'ZZ';
    const tree = ordererTree(directory, orderer);
    return { member: orderer.runBy, tree, country, nodeRole: 'orderer', nodes: [orderer], users: [] };
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
    for (const { name, host } of nodes) {
      const holder = tree.node(name);
      const others = host === undefined ? [] : [host];
      if (!existsSync(holder.root)) this.#create(holder.root, await holders.node(name, nodeRole, others));
    }
    const admin = tree.user('Admin');
    if (!existsSync(admin.root)) this.#create(admin.root, await holders.user('Admin', 'admin', []));
    else if (holders.addEnrolledName('Admin', admin)) this.made.push(admin.root);
    for (const user of users) await this.#user(holders, tree.user(user.name), user);
  }

  async #user(holders: HolderFactory, holder: HolderTree, { name, roles }: ClientUser): Promise<void> {
    if (!existsSync(holder.root)) {
      this.#create(holder.root, await holders.user(name, 'client', roles));
      return;
    }
    const added = holders.addEnrolledName(name, holder);
    if ((await holders.renewRoles(name, holder, roles)) || added) this.made.push(holder.root);
  }

  /** Opens one of an organisation's two CAs; makes it if the organisation is new. */
  async #authority(tree: OrganisationTree, country: string, kind: 'ca' | 'tlsca'): Promise<AuthorityOnDisk> {
    const folder = tree[kind];
    const certificateFile = kind === 'ca' ? tree.caCertificate : tree.tlsCaCertificate;
    // An MSP without a CA beside it was enrolled elsewhere: a second CA of the same name would not be trusted.
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
