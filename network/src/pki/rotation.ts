import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { attributesOf, Authority, type MspRole } from './authority.js';
import { AuthorityOnDisk } from './authorityOnDisk.js';
import { PkiError } from './errors.js';
import { writeWhole } from '../wholeFile.js';
import { Staging, type NewFile } from './files.js';
import { HolderFactory, KEY_FILE, mspFiles } from './holderFactory.js';
import { validFor } from './issue.js';
import { generateKeyPair, privateKeyPem } from './keys.js';
import { signerOf } from './signature.js';
import type { AuthorityKind, OrganisationTree } from './tree.js';

const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 1825;
/** A CA must be older than all that it certifies: Fabric verifies a chain as of the moment at which the leaf became valid. */
const HEAD_START_MS = 24 * 60 * 60 * 1000;

/**
 * First step of a change of an organisation's CA: makes the new CA, which takes the place of the old one, and puts its root
 * beside the old root into all of the organisation's MSP folders. Done already, it changes nothing.
 *
 * @throws PkiError `AUTHORITY_KEY_MISSING` when the CA is not ours to replace: its key is kept elsewhere.
 */
export async function admitNewAuthority(tree: OrganisationTree, kind: AuthorityKind): Promise<void> {
  const { folder, file, roots } = placeOf(tree, kind);
  if (isAdmitted(join(tree.msp, roots), file)) return;
  if (!new AuthorityOnDisk(file, join(folder, KEY_FILE)).canSign) {
    const why = `The key of ${basename(folder)}.${tree.domain} is not in ${folder}: a CA that is kept elsewhere is replaced there.`;
    throw new PkiError('AUTHORITY_KEY_MISSING', why);
  }
  const old = readFileSync(file, 'utf8');
  const { publicKey, privateKey } = generateKeyPair();
  const validity = validFor(AUTHORITY_DAYS, new Date(Date.now() - HEAD_START_MS));
  const name = { ...subjectOf(old), commonName: `${basename(folder)}.${tree.domain}` };
  const authority = await Authority.createRoot({ ...name, publicKey, validity }, signerOf(privateKey));
  for (const msp of mspFolders(tree)) {
    writeWhole(join(msp, roots, retiringFile(file)), old);
    writeWhole(join(msp, roots, basename(file)), authority.certificate);
    // Units that are bound to one CA would not be seen in the identities of the other.
    if (kind === 'identity')
      writeWhole(join(msp, 'config.yaml'), unbound(readFileSync(join(msp, 'config.yaml'), 'utf8')));
  }
  replaceFolder(tree, folder, [
    { path: basename(file), content: authority.certificate },
    { path: KEY_FILE, content: privateKeyPem(privateKey), secret: true },
  ]);
}

/** Second step: the present CA certifies the organisation's nodes and users again. */
export function renewCertificates(tree: OrganisationTree, kind: AuthorityKind): Promise<void> {
  return kind === 'identity' ? renewIdentities(tree) : renewTls(tree);
}

/** The same keys, with the same roles: a signature that was made with one stays the owner's. */
async function renewIdentities(tree: OrganisationTree): Promise<void> {
  const authority = new AuthorityOnDisk(tree.caCertificate, join(tree.ca, KEY_FILE)).open(tree.domain);
  for (const msp of mspFolders(tree).filter((folder) => folder !== tree.msp)) {
    for (const name of readdirSync(join(msp, 'signcerts'))) {
      const file = join(msp, 'signcerts', name);
      writeWhole(file, await certifiedAgain(readFileSync(file, 'utf8'), authority));
    }
  }
}

/** Keys and certificates for TLS are of no use but now: all of them are new. */
async function renewTls(tree: OrganisationTree): Promise<void> {
  const holders = factoryOf(tree);
  for (const [kind, folder] of holderFolders(tree)) {
    const name = basename(folder);
    const content = kind === 'users' ? await holders.userTls(name) : await holders.nodeTls(name);
    const files = content.map((file) => ({ ...file, path: basename(file.path) }));
    replaceFolder(tree, join(folder, 'tls'), files);
  }
}

/** Last step: the old root leaves all of the organisation's MSP folders. */
export function retireOldAuthority(tree: OrganisationTree, kind: AuthorityKind): void {
  const { file, roots } = placeOf(tree, kind);
  const files = mspFiles(tree, '');
  for (const msp of mspFolders(tree)) {
    rmSync(join(msp, roots, retiringFile(file)), { force: true });
    for (const { path, content } of files) writeWhole(join(msp, path), content);
  }
}

/** Gives a node new keys with new certificates, for its identity and for TLS; the old ones are kept aside. */
export async function renewNode(tree: OrganisationTree, name: string, role: 'peer' | 'orderer'): Promise<void> {
  replaceFolder(tree, tree.node(name).root, await factoryOf(tree).node(name, role));
}

function factoryOf(tree: OrganisationTree): HolderFactory {
  const { country } = subjectOf(readFileSync(tree.caCertificate, 'utf8'));
  const ca = new AuthorityOnDisk(tree.caCertificate, join(tree.ca, KEY_FILE));
  const tlsca = new AuthorityOnDisk(tree.tlsCaCertificate, join(tree.tlsca, KEY_FILE));
  return new HolderFactory(tree, country, ca, tlsca);
}

/** Puts a new folder in the place of one, which is kept aside. */
function replaceFolder(tree: OrganisationTree, folder: string, files: readonly NewFile[]): void {
  const aside = join(tree.root, 'retired', `${relative(tree.root, folder).split(sep).join('-')}-${Date.now()}`);
  const staging = new Staging(tree.root);
  try {
    staging.replace(folder, files, aside);
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
  return [tree.msp, ...holderFolders(tree).map(([, folder]) => join(folder, 'msp'))];
}

function holderFolders(tree: OrganisationTree): readonly (readonly [kind: string, folder: string])[] {
  return ['peers', 'orderers', 'users'].flatMap((kind) => {
    const folder = join(tree.root, kind);
    return existsSync(folder) ? readdirSync(folder).map((name) => [kind, join(folder, name)] as const) : [];
  });
}

/** Where one of an organisation's CAs lies, and where its root lies in MSP folders. */
function placeOf(tree: OrganisationTree, kind: AuthorityKind) {
  return kind === 'identity'
    ? { folder: tree.ca, file: tree.caCertificate, roots: 'cacerts' }
    : { folder: tree.tlsca, file: tree.tlsCaCertificate, roots: 'tlscacerts' };
}

/** The folder of the CA comes last: a new root whose key was lost to an interruption admits nobody. */
function isAdmitted(roots: string, file: string): boolean {
  const present = join(roots, basename(file));
  if (!existsSync(join(roots, retiringFile(file))) || !existsSync(present)) return false;
  return readFileSync(present, 'utf8') === readFileSync(file, 'utf8');
}

function retiringFile(certificateFile: string): string {
  return `retiring-${basename(certificateFile)}`;
}

function unbound(config: string): string {
  return config.replace(/^ *Certificate:.*\n/gm, '');
}
