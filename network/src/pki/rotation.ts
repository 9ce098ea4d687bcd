import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { attributesOf, Authority, type MspRole } from './authority.js';
import { AuthorityOnDisk } from './authorityOnDisk.js';
import { Staging, writeWhole } from './files.js';
import { HolderFactory, KEY_FILE, mspFiles } from './holderFactory.js';
import { validFor } from './issue.js';
import { generateKeyPair, privateKeyPem } from './keys.js';
import { signerOf } from './signature.js';
import type { OrganisationTree } from './tree.js';

const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 1825;
/** A CA must be older than all that it certifies: Fabric verifies a chain as of the moment at which the leaf became valid. */
const HEAD_START_MS = 24 * 60 * 60 * 1000;

/**
 * First step of a change of an organisation's identity CA: makes the new CA, which takes the place of the old one, and puts
 * its root beside the old root into all of the organisation's MSP folders. Done already, it changes nothing.
 */
export async function admitNewAuthority(tree: OrganisationTree): Promise<void> {
  if (rootFiles(tree.msp).length > 1) return;
  const old = readFileSync(tree.caCertificate, 'utf8');
  const { publicKey, privateKey } = generateKeyPair();
  const validity = validFor(AUTHORITY_DAYS, new Date(Date.now() - HEAD_START_MS));
  const name = { ...subjectOf(old), commonName: `ca.${tree.domain}` };
  const authority = await Authority.createRoot({ ...name, publicKey, validity }, signerOf(privateKey));
  for (const msp of mspFolders(tree)) {
    writeWhole(join(msp, 'cacerts', retiringFile(tree)), old);
    writeWhole(join(msp, 'cacerts', basename(tree.caCertificate)), authority.certificate);
    // Units that are bound to one CA would not be seen in the identities of the other.
    writeWhole(join(msp, 'config.yaml'), unbound(readFileSync(join(msp, 'config.yaml'), 'utf8')));
  }
  const staging = new Staging(tree.root);
  try {
    renameSync(tree.ca, `${tree.ca}-retired-${Date.now()}`);
    staging.create(tree.ca, [
      { path: basename(tree.caCertificate), content: authority.certificate },
      { path: KEY_FILE, content: privateKeyPem(privateKey), secret: true },
    ]);
  } finally {
    staging.close();
  }
}

/** Second step: the present CA certifies the keys of all the organisation's nodes and users again, with their roles. */
export async function renewIdentities(tree: OrganisationTree): Promise<void> {
  const authority = new AuthorityOnDisk(tree.caCertificate, join(tree.ca, KEY_FILE)).open(tree.domain);
  for (const msp of mspFolders(tree).filter((folder) => folder !== tree.msp)) {
    for (const name of readdirSync(join(msp, 'signcerts'))) {
      const file = join(msp, 'signcerts', name);
      writeWhole(file, await certifiedAgain(readFileSync(file, 'utf8'), authority));
    }
  }
}

/** Last step: the old root leaves all of the organisation's MSP folders. */
export function retireOldAuthority(tree: OrganisationTree): void {
  const files = mspFiles(tree, '');
  for (const msp of mspFolders(tree)) {
    rmSync(join(msp, 'cacerts', retiringFile(tree)), { force: true });
    for (const { path, content } of files) writeWhole(join(msp, path), content);
  }
}

/** Gives a node new keys with new certificates, for its identity and for TLS; the old ones are kept aside. */
export async function renewNode(tree: OrganisationTree, name: string, role: 'peer' | 'orderer'): Promise<void> {
  const { country } = subjectOf(readFileSync(tree.caCertificate, 'utf8'));
  const ca = new AuthorityOnDisk(tree.caCertificate, join(tree.ca, KEY_FILE));
  const tlsca = new AuthorityOnDisk(tree.tlsCaCertificate, join(tree.tlsca, KEY_FILE));
  const files = await new HolderFactory(tree, country, ca, tlsca).node(name, role);
  const { root } = tree.node(name);
  const aside = join(tree.root, 'retired');
  const staging = new Staging(tree.root);
  try {
    mkdirSync(aside, { recursive: true });
    renameSync(root, join(aside, `${basename(root)}-${Date.now()}`));
    staging.create(root, files);
  } finally {
    staging.close();
  }
}

async function certifiedAgain(certificate: string, authority: Authority): Promise<string> {
  const { unit, ...subject } = subjectOf(certificate);
  const attributes = attributesOf(certificate);
  return authority.issueIdentity({
    ...subject,
    publicKey: new X509Certificate(certificate).publicKey,
    validity: validFor(LEAF_DAYS),
    role: unit as MspRole,
    ...(Object.keys(attributes).length > 0 && { attributes }),
  });
}

function subjectOf(certificate: string) {
  const lines = new X509Certificate(certificate).subject.split('\n');
  const part = (name: string): string =>
    lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  return { country: part('C'), organisation: part('O'), unit: part('OU'), commonName: part('CN') };
}

/** The organisation's own MSP folder, and those of its nodes and users. */
function mspFolders(tree: OrganisationTree): readonly string[] {
  const holders = ['peers', 'orderers', 'users'].flatMap((kind) => {
    const folder = join(tree.root, kind);
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, 'msp')) : [];
  });
  return [tree.msp, ...holders];
}

function rootFiles(msp: string): readonly string[] {
  return readdirSync(join(msp, 'cacerts'));
}

function retiringFile(tree: OrganisationTree): string {
  return `retiring-${basename(tree.caCertificate)}`;
}

function unbound(config: string): string {
  return config.replace(/^ *Certificate:.*\n/gm, '');
}
