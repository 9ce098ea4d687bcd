import { common } from '@hyperledger/fabric-protos';
import { Config } from '@tracecal/ledger/wire';
import {
  differingParts,
  isAsDescribed,
  materialIn,
  releasedConfig,
  type ChannelMaterial,
} from '../../channel/index.js';
import { materialWith, mergedMaterial, othersIn, type Newcomers, type OwnPart } from '../../member/index.js';
import { writePublicTrees } from '../../pki/index.js';
import { atomicWrite } from '../../system/atomicWrite.js';
import { channelsOf, type Channel } from '../../topology/index.js';
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
 * @throws FabricError `OTHER_CONSORTIUM` when a channel is not as described; MemberError, PkiError
 */
export async function adoptDescription(own: OwnPart, { text, newcomers, configOf }: Adoption): Promise<void> {
  const { directory, member } = own;
  const { next } = newcomers;
  const material = materialWith(newcomers, directory.cryptoDir);
  const configs: common.Config[] = [];
  for (const channel of channelsOf(next, member.id)) {
    const current = common.Config.deserializeBinary(Config.encode(await configOf(channel.name)));
    const described = releasedConfig(next, channel, material);
    if (!isAsDescribed(channel.name, current, described)) throw notApplied(channel);
    const forged = [...differingParts(current, described), ...otherConsenters(current, material)].filter((part) =>
      isOf(part, newcomers),
    );
    if (forged.length > 0) throw otherCertificates(channel, forged);
    configs.push(current);
  }
  // Of all others, not of newcomers alone: some may have replaced their CAs since.
  const others = othersIn({ ...own, consortium: next }, mergedMaterial(configs.map(materialIn)));
  writePublicTrees(directory.cryptoDir, others);
  const layout = new Layout(directory.root);
  // Before the description: a start must find it allowed.
  await placeAnew(layout, next, 'configured', member.id);
  atomicWrite(directory.consortiumFile, text);
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
    `The channel ${name} has other members, orderers, policies or batches than the changed description: apply the proposal first (\`tracecal proposal apply\`).`,
  );
}

function otherCertificates({ name }: Channel, parts: readonly string[]): FabricError {
  return new FabricError(
    'OTHER_CONSORTIUM',
    `The channel ${name} has other certificates for ${parts.join(', ')} than the files of the new members: ask who proposed them for the files that they used.`,
  );
}
