import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import {
  attributesOf,
  Authority,
  generateKeyPair,
  PkiError,
  privateKeyPem,
  signerOf,
  validFor,
  type MspRole,
} from '@tracecal/pki';
import { AuthorityOnDisk } from './authorityOnDisk.js';
import { atomicWrite } from '../system/atomicWrite.js';
import { Staging, type NewFile } from './files.js';
import { HolderFactory, KEY_FILE, nodeOuConfig } from './holderFactory.js';
import { loadIdentityCertificate, loadTls } from './msp.js';
import type { AuthorityKind, OrganisationTree } from './tree.js';

const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 1825;
/** A CA must be older than all its certificates: Fabric verifies a chain at the time when the leaf became valid. */
const HEAD_START_MS = 24 * 60 * 60 * 1000;

/**
 * First step of replacing an organisation's CA: makes the new CA in the place of the old one, and adds its root beside the old root in all
 * MSP folders of the organisation. Repeating it changes nothing.
 *
 * @throws PkiError `AUTHORITY_KEY_MISSING` when this CA's key is kept elsewhere.
 */
export async function admitNewAuthority(tree: OrganisationTree, kind: AuthorityKind): Promise<void> {
  const { folder, file, roots } = placeOf(tree, kind);
  if (isAdmitted(join(tree.msp, roots), file)) return;
  checkKeyIsHere(tree, kind);
  const old = readFileSync(file, 'utf8');
  const { publicKey, privateKey } = generateKeyPair();
  const validity = validFor(AUTHORITY_DAYS, new Date(Date.now() - HEAD_START_MS));
  const name = { ...subjectOf(old), commonName: `${basename(folder)}.${tree.domain}` };
  const authority = await Authority.createRoot({ ...name, publicKey, validity }, signerOf(privateKey));
  for (const msp of mspFolders(tree)) {
    atomicWrite(join(msp, roots, retiringFile(file)), old);
    atomicWrite(join(msp, roots, basename(file)), authority.certificate);
    // Units bound to one CA would not be recognised in identities of the other.
    if (kind === 'identity')
      atomicWrite(join(msp, 'config.yaml'), unbound(readFileSync(join(msp, 'config.yaml'), 'utf8')));
  }
  replaceFolder(tree, folder, [
    { path: basename(file), content: authority.certificate },
    { path: KEY_FILE, content: privateKeyPem(privateKey), secret: true },
  ]);
}

/**
 * Second step: the present CA certifies the organisation's nodes and users again.
 *
 * @param anew Users who get new keys.
 */
export async function renewCertificates(
  tree: OrganisationTree,
  kind: AuthorityKind,
  anew: readonly string[] = [],
): Promise<void> {
  if (kind === 'tls') {
    await renewTls(tree);
    return;
  }
  await renewIdentities(tree);
  for (const name of anew) replaceFolder(tree, tree.user(name).root, await factoryOf(tree).user(name, 'client', []));
}

/** The same keys with the same roles, so that signatures made with a key stay its owner's. */
async function renewIdentities(tree: OrganisationTree): Promise<void> {
  const authority = new AuthorityOnDisk(tree.caCertificate, join(tree.ca, KEY_FILE)).open(tree.domain);
  for (const msp of mspFolders(tree).filter((folder) => folder !== tree.msp)) {
    const files = readdirSync(join(msp, 'signcerts')).map((name) => join(msp, 'signcerts', name));
    // A user's certificate has two names: certify it once.
    for (const old of new Set(files.map((file) => readFileSync(file, 'utf8')))) {
      const renewed = await certifiedAgain(old, authority);
      for (const file of files.filter((one) => readFileSync(one, 'utf8') === old)) atomicWrite(file, renewed);
    }
  }
}

/** TLS keys are needed only for present connections, so all of them are new. */
async function renewTls(tree: OrganisationTree): Promise<void> {
  const holders = factoryOf(tree);
  for (const [kind, folder] of holderFolders(tree)) {
    const name = basename(folder);
    const content =
      kind === 'users' ? await holders.userTls(name) : await holders.nodeTls(name, namesOfNode(join(folder, 'tls')));
    const files = content.map((file) => ({ ...file, path: basename(file.path) }));
    replaceFolder(tree, join(folder, 'tls'), files);
  }
}

/** The names and addresses in a node's present TLS certificate: those of the next one. */
function namesOfNode(tls: string): readonly string[] {
  const { subjectAltName = '' } = new X509Certificate(readFileSync(join(tls, 'server.crt')));
  return subjectAltName.split(', ').flatMap((name) => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1] ?? []);
}

/** Whether an organisation has the old CA beside the new one. */
export function hasTwoAuthorities(tree: OrganisationTree, kind: AuthorityKind): boolean {
  const { file, roots } = placeOf(tree, kind);
  return isAdmitted(join(tree.msp, roots), file);
}

/** How many nodes and users of an organisation the present CA has certified. */
export function certifiedAnew(tree: OrganisationTree, kind: AuthorityKind): 'none' | 'some' | 'all' {
  const ca = new X509Certificate(readFileSync(placeOf(tree, kind).file));
  const holders = holderFolders(tree);
  const anew = holders.filter(([, folder]) => {
    const certificate =
      kind === 'identity' ? loadIdentityCertificate(join(folder, 'msp')) : loadTls(join(folder, 'tls')).certificate;
    return new X509Certificate(certificate).verify(ca.publicKey);
  });
  if (anew.length === holders.length) return 'all';
  return anew.length === 0 ? 'none' : 'some';
}

/** Last step: removes the old root from all MSP folders of the organisation. */
export function retireOldAuthority(tree: OrganisationTree, kind: AuthorityKind): void {
  const { file, roots } = placeOf(tree, kind);
  for (const msp of mspFolders(tree)) {
    rmSync(join(msp, roots, retiringFile(file)), { force: true });
    if (kind === 'identity') atomicWrite(join(msp, 'config.yaml'), nodeOuConfig(`cacerts/${basename(file)}`));
  }
}

/**
 * Makes new keys and certificates of a node, for its identity and for TLS. They wait in its `renewedNode` folder until all channels know
 * them. Existing waiting ones stay: a channel may know them already.
 *
 * @throws PkiError `AUTHORITY_KEY_MISSING` when a CA of the organisation is kept elsewhere
 */
export async function prepareNode(tree: OrganisationTree, name: string, role: 'peer' | 'orderer'): Promise<void> {
  const { root } = tree.renewedNode(name);
  if (existsSync(root)) return;
  checkKeyIsHere(tree, 'identity');
  checkKeyIsHere(tree, 'tls');
  const files = await factoryOf(tree).node(name, role, namesOfNode(tree.node(name).tls));
  staged(tree, (staging) => {
    staging.create(root, files);
  });
}

/** Replaces a node's present keys and certificates by the prepared ones; the old ones are kept aside. */
export function renewNode(tree: OrganisationTree, name: string): void {
  const { root } = tree.node(name);
  const aside = asideOf(tree, root);
  mkdirSync(dirname(aside), { recursive: true });
  renameSync(root, aside);
  renameSync(tree.renewedNode(name).root, root);
}

/** @throws PkiError `AUTHORITY_KEY_MISSING` */
function checkKeyIsHere(tree: OrganisationTree, kind: AuthorityKind): void {
  const { folder, file } = placeOf(tree, kind);
  if (new AuthorityOnDisk(file, join(folder, KEY_FILE)).canSign) return;
  const name = `${basename(folder)}.${tree.domain}`;
  throw new PkiError(
    'AUTHORITY_KEY_MISSING',
    `The key of ${name} is not in ${folder}: this CA and what it has certified are replaced where its key is kept.`,
  );
}

/** For identities and TLS; for TLS only if the identity CA is elsewhere. */
function factoryOf(tree: OrganisationTree): HolderFactory {
  const { country } = subjectOf(readFileSync(tree.tlsCaCertificate, 'utf8'));
  const ca = new AuthorityOnDisk(tree.caCertificate, join(tree.ca, KEY_FILE));
  const tlsca = new AuthorityOnDisk(tree.tlsCaCertificate, join(tree.tlsca, KEY_FILE));
  return new HolderFactory(tree, country, ca, tlsca);
}

/** Replaces a folder; the old one is kept aside. */
function replaceFolder(tree: OrganisationTree, folder: string, files: readonly NewFile[]): void {
  staged(tree, (staging) => {
    staging.replace(folder, files, asideOf(tree, folder));
  });
}

function staged(tree: OrganisationTree, act: (staging: Staging) => void): void {
  const staging = new Staging(tree.root);
  try {
    act(staging);
  } finally {
    staging.close();
  }
}

/** Where the old content of a folder is kept. */
function asideOf(tree: OrganisationTree, folder: string): string {
  return join(tree.root, 'retired', `${relative(tree.root, folder).split(sep).join('-')}-${Date.now()}`);
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

/** Path of one of an organisation's CAs, and of its root in MSP folders. */
function placeOf(tree: OrganisationTree, kind: AuthorityKind) {
  return kind === 'identity'
    ? { folder: tree.ca, file: tree.caCertificate, roots: 'cacerts' }
    : { folder: tree.tlsca, file: tree.tlsCaCertificate, roots: 'tlscacerts' };
}

/** The CA's folder is written last: a root whose key was lost by an interruption is not admitted. */
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
