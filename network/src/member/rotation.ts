import { common } from '@hyperledger/fabric-protos';
import { Config } from '@tracecal/ledger/wire';
import { materialIn } from '../channel/index.js';
import {
  admitNewAuthority,
  certifiedAnew,
  hasTwoAuthorities,
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
 * Makes new CAs beside the member's present ones. Nobody trusts them yet: its channels have to get them. May be repeated.
 * @throws PkiError `AUTHORITY_KEY_MISSING` when the key of a present one is kept elsewhere
 */
export async function beginRotation(own: OwnPart, kinds: readonly AuthorityKind[]): Promise<void> {
  for (const kind of kinds) await admitNewAuthority(treeOf(own), kind);
}

/**
 * Has the new CAs certify the member's nodes and users again, once all channels of the member have them. The nodes have to be started again
 * then: until that, they do not know their own administrator. May be repeated.
 * @throws MemberError `NO_ROTATION`, `NOT_IN_CHANNELS`
 */
export async function renewOwnPart(
  own: OwnPart,
  kinds: readonly AuthorityKind[],
  configOf: ChannelConfigs,
): Promise<void> {
  const { member, consortium, directory } = own;
  const tree = treeOf(own);
  for (const kind of kinds) requireTwo(own, kind, tree);
  // What was begun had passed the check, and the peer may refuse the new certificate of the administrator until it has started again.
  if (kinds.every((kind) => certifiedAnew(tree, kind) === 'none')) {
    for (const kind of kinds) await requireInChannels(own, kind, configOf);
  }
  for (const kind of kinds) if (certifiedAnew(tree, kind) !== 'all') await renewCertificates(tree, kind);
  writeConnectionProfiles(consortium, directory.cryptoDir, {}, member.id);
}

/**
 * Takes the old CAs out of the member's own files. Its channels have to lose them then. May be repeated.
 * @throws MemberError `NO_ROTATION`
 */
export function retireAuthority(own: OwnPart, kinds: readonly AuthorityKind[]): void {
  const tree = treeOf(own);
  for (const kind of kinds) {
    if (certifiedAnew(tree, kind) === 'all') continue;
    throw new MemberError(
      'NO_ROTATION',
      `Nodes of ${own.member.id} have no certificates of a new ${NAMES[kind]}: begin and renew first (\`tracecal member rotate\`), and start them again.`,
    );
  }
  for (const kind of kinds) retireOldAuthority(tree, kind);
  writeConnectionProfiles(own.consortium, own.directory.cryptoDir, {}, own.member.id);
}

async function requireInChannels(own: OwnPart, kind: AuthorityKind, configOf: ChannelConfigs): Promise<void> {
  const missing = await channelsThatDiffer(own, kind, configOf);
  if (missing.length === 0) return;
  throw new MemberError(
    'NOT_IN_CHANNELS',
    `The new ${NAMES[kind]} of ${own.member.id} is not in ${missing.join(', ')}: propose it there first (\`tracecal proposal create CHANNEL --authorities\`), and apply that.`,
  );
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
