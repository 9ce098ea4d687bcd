import { existsSync, readFileSync } from 'node:fs';
import { common } from '@hyperledger/fabric-protos';
import { Config } from '@tracecal/ledger/wire';
import {
  differingParts,
  isAsDescribed,
  materialIn,
  releasedConfig,
  type ChannelMaterial,
} from '../../channel/index.js';
import {
  materialWith,
  MemberError,
  mergedMaterial,
  newChannelBlock,
  othersIn,
  requireOneAuthority,
  type FoundingBlock,
  type Newcomers,
  type OwnPart,
} from '../../member/index.js';
import { writePublicTrees } from '../../pki/index.js';
import { atomicWrite } from '../../system/atomicWrite.js';
import { channelsOf, channelsRunBy, type Channel, type Consortium } from '../../topology/index.js';
import { FabricError } from './errors.js';
import { Layout } from './places/layout.js';
import { placeAnew } from './places/placement.js';

/** A changed description, and what the member's channels say. */
export interface Adoption {
  /** The description, byte for byte. */
  readonly text: string;
  readonly newcomers: Newcomers;
  /** The present configuration of a channel, as the member's own peer has it. */
  readonly configOf: (channel: string) => Promise<Config>;
}

/**
 * Takes a changed description into a member's data directory, as soon as its channels are like that. The member's nodes use it from their
 * next start on. May be called again at any time.
 *
 * @returns The first blocks of channels that the description adds, as far as the member's nodes join them: to be compared with the others'.
 * @throws FabricError `OTHER_CONSORTIUM` when a channel is not as described; MemberError, PkiError
 */
export async function adoptDescription(own: OwnPart, adoption: Adoption): Promise<readonly FoundingBlock[]> {
  const { directory, member } = own;
  const { next } = adoption.newcomers;
  requireMember(own, next);
  const { founded, others } = await checked(own, adoption);
  // Of all others, not of newcomers alone: some may have replaced their CAs since.
  writePublicTrees(directory.cryptoDir, othersIn({ ...own, consortium: next }, others));
  for (const { channel, block } of founded) atomicWrite(directory.genesisBlock(channel), block);
  const layout = new Layout(directory.root);
  // Before the description: a start must find it allowed.
  await placeAnew(layout, next, 'configured', member.id);
  atomicWrite(directory.consortiumFile, adoption.text);
  return founded;
}

/** Without its own part, the data directory could not be opened any more. */
function requireMember({ member }: OwnPart, { organisations }: Consortium): void {
  if (organisations.some(({ id }) => id === member.id)) return;
  throw new MemberError(
    'UNKNOWN_MEMBER',
    `${member.id} is not a member in the changed description: keep the one that you have, with which your orderer may go on, or stop your nodes (\`tracecal member down\`).`,
  );
}

interface Checked {
  /** The certificates in the channels. */
  readonly others: ChannelMaterial;
  readonly founded: readonly FoundingBlock[];
}

async function checked(own: OwnPart, { newcomers, configOf }: Adoption): Promise<Checked> {
  const { next } = newcomers;
  const known = materialWith(newcomers, own.directory.cryptoDir);
  const isNew = (channel: Channel): boolean =>
    !own.consortium.channels.some(({ name }) => name === channel.name) ||
    isNotJoinedYet(own, channel, () => newChannelBlock(next, channel, known));
  const configs: common.Config[] = [];
  for (const channel of channelsOf(next, own.member.id).filter((each) => !isNew(each))) {
    configs.push(await asDescribed(channel, { newcomers, material: known, configOf }));
  }
  const others = mergedMaterial(configs.map(materialIn));
  const material = {
    msps: new Map([...known.msps, ...others.msps]),
    consenters: new Map([...known.consenters, ...others.consenters]),
  };
  const added = channelsRunBy(next, own.member.id).filter(isNew);
  for (const channel of added) requireOneAuthority(next, channel, material);
  return { others, founded: added.map((channel) => newChannelBlock(next, channel, material)) };
}

/** Whether the member has taken a description with this new channel already, and has not started its nodes since. */
function isNotJoinedYet({ directory }: OwnPart, { name }: Channel, founded: () => FoundingBlock): boolean {
  const file = directory.genesisBlock(name);
  return !existsSync(directory.joinedBlock(name)) && existsSync(file) && readFileSync(file).equals(founded().block);
}

interface Wanted extends Pick<Adoption, 'newcomers' | 'configOf'> {
  readonly material: ChannelMaterial;
}

/** The present configuration of a channel, if it is as described. @throws FabricError */
async function asDescribed(channel: Channel, { newcomers, material, configOf }: Wanted): Promise<common.Config> {
  const current = common.Config.deserializeBinary(Config.encode(await configOf(channel.name)));
  const described = releasedConfig(newcomers.next, channel, material);
  if (!isAsDescribed(channel.name, current, described)) throw notApplied(channel);
  const forged = [...differingParts(current, described), ...otherConsenters(current, material)].filter((part) =>
    isOf(part, newcomers),
  );
  if (forged.length > 0) throw otherCertificates(channel, forged);
  return current;
}

function isOf(part: string, { members, orderers }: Newcomers): boolean {
  return (
    members.some(({ mspId }) => part === `Application/${mspId}`) ||
    orderers.some(({ mspId }) => part === `Orderer/${mspId}`)
  );
}

/** Orderers whose certificates differ. */
function otherConsenters(current: common.Config, { consenters }: ChannelMaterial): readonly string[] {
  const present = materialIn(current).consenters;
  return [...consenters].flatMap(([mspId, { identity, serverTls }]) => {
    const known = present.get(mspId);
    return known?.identity === identity && known.serverTls === serverTls ? [] : [`Orderer/${mspId}`];
  });
}

function notApplied({ name }: Channel): FabricError {
  return new FabricError(
    'OTHER_CONSORTIUM',
    `The channel ${name} has other members, orderers, policies or batches than the changed description: apply the proposal first (\`tracecal proposal apply\`), or take the newest description if more has changed since.`,
  );
}

function otherCertificates({ name }: Channel, parts: readonly string[]): FabricError {
  return new FabricError(
    'OTHER_CONSORTIUM',
    `The channel ${name} has other certificates for ${parts.join(', ')} than the files of the new members: ask who proposed them for the files that they used.`,
  );
}
