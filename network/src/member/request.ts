import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PkiError } from '@tracecal/pki';
import { hostOf, loadMsp, loadSigningIdentity, memberTree, ordererTree, type OrganisationTree } from '../pki/index.js';
import { base64Of } from './certificates.js';
import { checkMember } from './checkMember.js';
import { signedText } from './envelope.js';
import { MEMBER_TYPE, type MemberFile, type PublicMsp, type PublicOrderer } from './formats.js';
import type { OwnPart } from './memberDirectory.js';
import { readMemberFile } from './memberFile.js';

/**
 * The text of the file that a member hands out: its public material, signed by its administrator.
 *
 * @param now - Its certificates must be valid then.
 * @throws MemberError if its own material does not fit the description; PkiError
 */
export function memberFileText(own: OwnPart, now: Date = new Date()): string {
  const { member, orderer } = own;
  const text = signedText(ownContent(own), member.id, administratorOf(own).privateKey);
  // What others would refuse is not handed out.
  checkMember(readMemberFile({ name: 'The file', text }), member, orderer, now);
  return text;
}

/** The identity with which a member signs its files. @throws PkiError */
export function administratorOf({ directory, member }: OwnPart): ReturnType<typeof loadSigningIdentity> {
  return loadSigningIdentity(memberTree(directory.cryptoDir, member).user('Admin').msp, member.mspId);
}

/** What a member's file says, from the member's own data directory. @throws PkiError */
export function ownContent(own: OwnPart): MemberFile {
  const { consortium, description, directory, member } = own;
  return {
    type: MEMBER_TYPE,
    consortium: consortium.name,
    description,
    member: member.id,
    msp: mspIn(memberTree(directory.cryptoDir, member), member.mspId),
    administrator: base64Of(administratorOf(own).certificate),
    orderer: ordererIn(own),
  };
}

function ordererIn({ directory, orderer }: OwnPart): PublicOrderer | null {
  if (orderer === undefined) return null;
  const tree = ordererTree(directory.cryptoDir, orderer);
  const { msp, tls } = tree.node(orderer.name);
  return {
    name: orderer.name,
    msp: mspIn(tree, orderer.mspId),
    identity: base64Of(readFileSync(join(msp, 'signcerts', `${hostOf(orderer, orderer)}-cert.pem`), 'utf8')),
    tls: base64Of(readFileSync(join(tls, 'server.crt'), 'utf8')),
  };
}

function mspIn({ msp, domain }: OrganisationTree, mspId: string): PublicMsp {
  const { rootCerts, tlsRootCerts, intermediateCerts, tlsIntermediateCerts, admins, revocationList } = loadMsp(
    msp,
    mspId,
  );
  const [[ca, ...otherCas], [tlsCa, ...otherTlsCas]] = [rootCerts, tlsRootCerts];
  const surplus = [otherCas, otherTlsCas, intermediateCerts, tlsIntermediateCerts, admins, revocationList].flat();
  if (ca === undefined || tlsCa === undefined || surplus.length > 0) {
    throw new PkiError(
      'MATERIAL_MALFORMED',
      `${msp} must have one CA and one TLS CA and nothing else for a founding: enrol or revoke when the network runs.`,
    );
  }
  return {
    id: mspId,
    domain,
    ca: base64Of(ca),
    tlsCa: base64Of(tlsCa),
    nodeOus: { client: 'client', peer: 'peer', admin: 'admin', orderer: 'orderer' },
  };
}
