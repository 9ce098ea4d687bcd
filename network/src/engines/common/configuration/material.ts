import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  defaultPolicyTemplateFile,
  describedConfig,
  genesisBlockOf,
  readChannelMaterial,
  readConfigBlock,
  readPolicyTemplate,
} from '../../../channel/index.js';
import { writeConnectionProfiles, writeCryptoConfig } from '../../../pki/index.js';
import {
  channelsRunBy,
  type Channel,
  type Consortium,
  type MemberOrganisation,
  type OrdererNode,
  type PeerNode,
} from '../../../topology/index.js';
import { atomicWrite } from '../../../system/atomicWrite.js';
import { FabricError } from '../errors.js';
import { writeBuilder } from './ccaasBuilder.js';
import type { Layout } from '../places/layout.js';
import { ordererConfig } from './ordererConfig.js';
import { peerConfig } from './peerConfig.js';
import type { Placement } from '../places/placement.js';
import type { NodeEnvironment } from '../places/nodeEnvironment.js';

const OWNER_ONLY = 0o700;

/** Writes the files that nodes need to start: keys and certificates, genesis blocks, their configuration, the builder. */
export async function writeMaterial(layout: Layout, placement: Placement, seen: NodeEnvironment): Promise<void> {
  const { consortium, member, here } = placement;
  await writeCryptoConfig(consortium, layout.cryptoDir, member);
  writeConnectionProfiles(consortium, layout.cryptoDir, {}, member);
  await writeGenesisBlocks(layout, placement, seen);
  await writeBuilder(layout.builderDir);
  await Promise.all(here.orderers.map((orderer) => writeOrdererConfig(layout, seen, placement, orderer)));
  await Promise.all(
    here.organisations.flatMap((organisation) =>
      organisation.peers.map((peer) => writePeerConfig(layout, seen, placement, organisation, peer)),
    ),
  );
}

/** Makes a channel's first block once and keeps it: nodes that joined with another one would never agree. */
async function writeGenesisBlocks(layout: Layout, placement: Placement, seen: NodeEnvironment): Promise<void> {
  const { consortium, member } = placement;
  const channels = member === undefined ? consortium.channels : channelsRunBy(consortium, member);
  const missing = channels.filter(({ name }) => !existsSync(layout.genesisBlock(name)));
  if (missing.length === 0) return;
  const isLater = existsSync(layout.joinedLater) || (member !== undefined && missing.length < channels.length);
  const blockOf = isLater ? joinedBlocks(layout) : foundingBlocks(layout, consortium, seen);
  for (const channel of missing) {
    const file = layout.genesisBlock(channel.name);
    await mkdir(dirname(file), { recursive: true });
    atomicWrite(file, blockOf(channel));
  }
}

type BlockOf = (channel: Channel) => Uint8Array;

/** Those of channels that ran already when the member, or its orderer, joined them: it verified them then. */
function joinedBlocks(layout: Layout): BlockOf {
  return ({ name }) => readFileSync(layout.agreedBlock(name));
}

function foundingBlocks(layout: Layout, consortium: Consortium, seen: NodeEnvironment): BlockOf {
  const template = readPolicyTemplate(defaultPolicyTemplateFile());
  const material = readChannelMaterial(consortium, layout.cryptoDir);
  return (channel) => {
    const config = describedConfig(consortium, channel, template, material, seen);
    const agreed = agreedBlock(layout, channel.name, config.serializeBinary());
    return agreed ?? genesisBlockOf(channel.name, config).serializeBinary();
  };
}

/**
 * The block on which the members agreed, if they did.
 * @throws FabricError `OTHER_CONSORTIUM` if it has another configuration than follows from the description and the certificates here
 */
function agreedBlock(layout: Layout, channel: string, described: Uint8Array): Uint8Array | undefined {
  const file = layout.agreedBlock(channel);
  if (!existsSync(file)) return undefined;
  const block = readFileSync(file);
  if (Buffer.from(readConfigBlock(block).config.serializeBinary()).equals(described)) return block;
  throw new FabricError(
    'OTHER_CONSORTIUM',
    `${file}, on which the members agreed, has other members, certificates, hosts or ports than the description and ${layout.cryptoDir} here: use those of the ceremony, and start with the ports of the description.`,
  );
}

async function writeOrdererConfig(
  layout: Layout,
  seen: NodeEnvironment,
  placement: Placement,
  orderer: OrdererNode,
): Promise<void> {
  const file = join(layout.ordererDir(orderer), 'orderer.yaml');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await ordererConfig(seen, placement, orderer));
}

async function writePeerConfig(
  layout: Layout,
  seen: NodeEnvironment,
  placement: Placement,
  organisation: MemberOrganisation,
  peer: PeerNode,
): Promise<void> {
  const folder = layout.peerDir(organisation, peer);
  const file = join(folder, 'core.yaml');
  await mkdir(folder, { recursive: true });
  // The peer copies its chaincode packages here, with their keys; in a container it makes the copies readable for everybody.
  await chmod(folder, OWNER_ONLY);
  await writeFile(file, await peerConfig(seen, placement, organisation, peer));
}
