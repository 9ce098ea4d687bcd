import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PkiError, privateKeyPem, readPrivateKey } from '@tracecal/pki';
import type { Consortium } from '../topology/consortium.js';
import { KEY_FILE, mspFilesOf, type Authorities } from './holderFactory.js';
import { memberTree, ordererTree, type HolderTree, type OrganisationTree } from './tree.js';

const PRIVATE = 0o600;

/**
 * Brings what `fabric-ca-client enroll` wrote into the layout of a crypto-config tree: for a member and the orderer that it runs, the folders
 * `DOMAIN/NAME/msp` and `DOMAIN/NAME/tls` of each node and user. The keys of the CAs stay with the CAs.
 *
 * @throws PkiError `MATERIAL_MISSING`, `MATERIAL_MALFORMED`, `KEY_MISMATCH` or `KEY_UNSUPPORTED`, naming the file
 */
export function takeEnrolled(consortium: Consortium, member: string, from: string, cryptoDir: string): void {
  for (const { organisation, holders } of organisationsOf(consortium, member, cryptoDir)) {
    const folder = join(from, organisation.domain);
    for (const holder of holders) takeHolder(organisation, join(folder, basename(holder.tree.root)), holder);
    // The certificates of the CAs, from any of them: who enrols with others is refused by the checks of members' files.
    const [first] = holders;
    if (first !== undefined) takeAuthorities(organisation, join(folder, basename(first.tree.root)));
  }
}

interface EnrolledAuthorities {
  readonly ca: string;
  readonly tlsCa: string;
}

interface Holder {
  readonly tree: HolderTree;
  readonly end: 'server' | 'client';
}

function organisationsOf(
  { organisations, orderers }: Consortium,
  member: string,
  directory: string,
): readonly { readonly organisation: OrganisationTree; readonly holders: readonly Holder[] }[] {
  const members = organisations
    .filter(({ id }) => id === member)
    .map((each) => {
      const organisation = memberTree(directory, each);
      const users = ['Admin', ...each.users.map(({ name }) => name)];
      const nodes = each.peers.map(({ name }) => ({ tree: organisation.node(name), end: 'server' as const }));
      return { organisation, holders: [...nodes, ...users.map((name) => userIn(organisation, name))] };
    });
  const run = orderers
    .filter(({ runBy }) => runBy === member)
    .map((each) => {
      const organisation = ordererTree(directory, each);
      const node = { tree: organisation.node(each.name), end: 'server' as const };
      return { organisation, holders: [node, userIn(organisation, 'Admin')] };
    });
  return [...members, ...run];
}

function userIn(organisation: OrganisationTree, name: string): Holder {
  return { tree: organisation.user(name), end: 'client' };
}

function takeAuthorities(organisation: OrganisationTree, enrolled: string): void {
  const authorities = authoritiesOf(enrolled);
  write(organisation.caCertificate, authorities.ca);
  write(organisation.tlsCaCertificate, authorities.tlsCa);
  for (const { path, content } of mspFilesOf(organisation, '', listed(authorities)))
    write(join(organisation.msp, path), content);
}

function takeHolder(organisation: OrganisationTree, enrolled: string, { tree, end }: Holder): void {
  const authorities = authoritiesOf(enrolled);
  for (const { path, content } of mspFilesOf(organisation, 'msp', listed(authorities)))
    write(join(tree.root, path), content);
  const identity = enrolment(join(enrolled, 'msp'));
  write(join(tree.msp, 'signcerts', `${basename(tree.root)}-cert.pem`), identity.certificate);
  write(join(tree.msp, 'keystore', KEY_FILE), identity.key, PRIVATE);
  const tls = enrolment(join(enrolled, 'tls'));
  write(join(tree.tls, 'ca.crt'), authorities.tlsCa);
  write(join(tree.tls, `${end}.crt`), tls.certificate);
  write(join(tree.tls, `${end}.key`), tls.key, PRIVATE);
}

function listed({ ca, tlsCa }: EnrolledAuthorities): Authorities {
  return { cas: [ca], tlsCas: [tlsCa] };
}

/** Of an identity's enrolment, and of one with the profile `tls`. */
function authoritiesOf(enrolled: string): EnrolledAuthorities {
  for (const folder of [join('msp', 'intermediatecerts'), join('tls', 'tlsintermediatecerts')]) {
    if (existsSync(join(enrolled, folder)) && readdirSync(join(enrolled, folder)).length > 0) {
      throw new PkiError(
        'MATERIAL_MALFORMED',
        `${join(enrolled, folder)} is not empty: enrol with a root CA, because members' files name one.`,
      );
    }
  }
  return {
    ca: onlyCertificate(join(enrolled, 'msp', 'cacerts')),
    tlsCa: onlyCertificate(join(enrolled, 'tls', 'tlscacerts')),
  };
}

/** A certificate and its key. A keystore may keep keys of earlier enrolments. */
function enrolment(folder: string): { readonly certificate: string; readonly key: string } {
  const certificate = onlyCertificate(join(folder, 'signcerts'));
  const x509 = new X509Certificate(certificate);
  const key = filesIn(join(folder, 'keystore'))
    .map((path) => readPrivateKey(readFileSync(path, 'utf8')))
    .find((each) => x509.checkPrivateKey(each));
  if (key !== undefined) return { certificate, key: privateKeyPem(key) };
  throw new PkiError('KEY_MISMATCH', `No private key in ${join(folder, 'keystore')} fits the certificate beside it.`);
}

function onlyCertificate(folder: string): string {
  const [file, another] = filesIn(folder);
  if (file === undefined || another !== undefined) {
    const what = file === undefined ? 'no certificate' : 'several files';
    throw new PkiError(
      'MATERIAL_MISSING',
      `There is ${what} in ${folder}: enrol with \`fabric-ca-client enroll --mspdir ${dirname(folder)}\`.`,
    );
  }
  try {
    return new X509Certificate(readFileSync(file)).toString();
  } catch (cause) {
    throw new PkiError('MATERIAL_MALFORMED', `${file} is not a certificate in PEM form.`, { cause });
  }
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function write(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, content, { mode, flag: 'wx' });
}
