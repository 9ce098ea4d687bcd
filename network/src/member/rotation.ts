import { common } from '@hyperledger/fabric-protos';
import { Config } from '@tracecal/ledger/wire';
import { materialIn } from '../channel/index.js';
import {
  admitNewAuthority,
  hasTwoAuthorities,
  isCertifiedAnew,
  loadMsp,
  memberTree,
  renewCertificates,
  retireOldAuthority,
  writeConnectionProfiles,
  type AuthorityKind,
  type MspMaterial,
  type OrganisationTree,
} from '../pki/index.js';
import { channelsOf } from '../topology/index.js';
import { MemberError } from './errors.js';
import type { OwnPart } from './memberDirectory.js';

/** The present configuration of a channel, as the member's own peer has it. */
export type ChannelConfigs = (channel: string) => Promise<Config>;

const NAMES = { identity: 'CA', tls: 'TLS CA' } as const;

/**
 * Makes a new CA beside the member's present one. Nobody trusts it yet: its channels have to get it. May be repeated.
 * @throws PkiError `AUTHORITY_KEY_MISSING` when the present one's key is kept elsewhere
 */
export function beginRotation(own: OwnPart, kind: AuthorityKind): Promise<void> {
  return admitNewAuthority(treeOf(own), kind);
}

/**
 * Has the new CA certify the member's nodes and users again, once all channels of the member have it. The nodes have to be started again
 * then. May be repeated.
 * @throws MemberError `NO_ROTATION`, `NOT_IN_CHANNELS`
 */
export async function renewOwnPart(own: OwnPart, kind: AuthorityKind, configOf: ChannelConfigs): Promise<void> {
  const { member, consortium, directory } = own;
  const tree = treeOf(own);
  requireTwo(own, kind, tree);
  const missing = await channelsThatDiffer(own, kind, configOf);
  if (missing.length > 0) {
    throw new MemberError(
      'NOT_IN_CHANNELS',
      `The new ${NAMES[kind]} of ${member.id} is not in ${missing.join(', ')}: propose it there first (\`tracecal proposal create CHANNEL --authorities\`), and apply that.`,
    );
  }
  if (!isCertifiedAnew(tree, kind)) await renewCertificates(tree, kind);
  writeConnectionProfiles(consortium, directory.cryptoDir, {}, member.id);
}

/**
 * Takes the old CA out of the member's own files. Its channels have to lose it then. May be repeated.
 * @throws MemberError `NO_ROTATION`
 */
export function retireAuthority(own: OwnPart, kind: AuthorityKind): void {
  const tree = treeOf(own);
  requireTwo(own, kind, tree);
  if (!isCertifiedAnew(tree, kind)) {
    throw new MemberError(
      'NO_ROTATION',
      `Nodes of ${own.member.id} still have certificates of the old ${NAMES[kind]}: renew them first (\`tracecal member rotate renew\`), and start them again.`,
    );
  }
  retireOldAuthority(tree, kind);
  writeConnectionProfiles(own.consortium, own.directory.cryptoDir, {}, own.member.id);
}

function requireTwo({ member }: OwnPart, kind: AuthorityKind, tree: OrganisationTree): void {
  if (hasTwoAuthorities(tree, kind)) return;
  throw new MemberError(
    'NO_ROTATION',
    `${member.id} has one ${NAMES[kind]}: make the new one first (\`tracecal member rotate begin\`).`,
  );
}

/** The member's channels that have other CAs than its own files. */
async function channelsThatDiffer(
  own: OwnPart,
  kind: AuthorityKind,
  configOf: ChannelConfigs,
): Promise<readonly string[]> {
  const { consortium, member } = own;
  const wanted = rootsOf(loadMsp(treeOf(own).msp, member.mspId), kind);
  const channels = await Promise.all(
    channelsOf(consortium, member.id).map(async ({ name }) => {
      const config = common.Config.deserializeBinary(Config.encode(await configOf(name)));
      const present = materialIn(config).msps.get(member.mspId);
      return present !== undefined && rootsOf(present, kind) === wanted ? [] : [name];
    }),
  );
  return channels.flat();
}

function rootsOf({ rootCerts, tlsRootCerts }: MspMaterial, kind: AuthorityKind): string {
  return [...(kind === 'identity' ? rootCerts : tlsRootCerts)].sort().join('\n');
}

function treeOf({ directory, member }: OwnPart): OrganisationTree {
  return memberTree(directory.cryptoDir, member);
}
