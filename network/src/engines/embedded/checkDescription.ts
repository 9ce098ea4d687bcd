import { common } from '@hyperledger/fabric-protos';
import { existsSync, readFileSync } from 'node:fs';
import { otherBatch, readConfigBlock } from '../../channel/index.js';
import { hostOf } from '../../pki/index.js';
import { membersOf, type Channel, type Consortium } from '../../topology/index.js';
import { DeploymentError } from '../../channel/definitions.js';
import type { ChannelLedger } from './ledger/index.js';

const REMEDY =
  'describe those again, use another data directory, or reset this one, which deletes its ledgers and keys.';

/**
 * Checks that the network can do what a description says, before anything is written.
 *
 * @param genesisFile The file of a channel's genesis block; it exists after the first start.
 * @throws DeploymentError when an existing channel has other orderers
 */
export function checkDescription(consortium: Consortium, genesisFile: (channel: Channel) => string): void {
  for (const channel of consortium.channels) {
    const file = genesisFile(channel);
    if (existsSync(file)) checkUnchanged(consortium, channel, readFileSync(file));
  }
}

/**
 * Checks that every described member is in a channel. At a start, the description cannot add members: that takes the signatures of
 * the others.
 * @throws DeploymentError
 */
export function checkMembers({ organisations, channels }: Consortium, ledgers: readonly ChannelLedger[]): void {
  for (const { id, mspId } of organisations) {
    const described = channels.filter((channel) => membersOf(channel).includes(id)).map(({ name }) => name);
    const present = ledgers.filter(({ access }) => access.applicationMsps.includes(mspId));
    if (described.length === 0 || present.length > 0) continue;
    throw new DeploymentError(
      `${id} is described as a member of ${described.join(', ')}, but is not in these channels: start the network without it, then add it with \`tracecal network add-org\`.`,
    );
  }
}

/**
 * Checks that blocks are cut as described: another batch takes the signatures of those who run orderers.
 * @throws DeploymentError
 */
export function checkBatches({ channels }: Consortium, ledgers: readonly ChannelLedger[]): void {
  for (const { channelId, access } of ledgers) {
    const channel = channels.find(({ name }) => name === channelId);
    if (channel === undefined) continue;
    const difference = otherBatch(channel, access.batch);
    if (difference !== undefined) throw new DeploymentError(difference);
  }
}

/** Nothing changes orderers after the genesis block; a new certificate of an orderer changes neither address nor name. */
function checkUnchanged({ orderers }: Consortium, { name }: Channel, genesisBlock: Uint8Array): void {
  const made = orderersIn(readConfigBlock(genesisBlock).config);
  const described = orderers
    .map((node) => ordererText(node.consenterId, node.mspId, hostOf(node, node), node.port))
    .sort()
    .join(', ');
  if (made === described) return;
  throw new DeploymentError(
    `The orderers of channel ${name} are ${made}, and the description changes them to ${described}: ${REMEDY}`,
  );
}

function orderersIn(config: common.Config): string {
  const values = config.getChannelGroup()?.getGroupsMap().get('Orderer')?.getValuesMap();
  const consenters = values?.get('Orderers')?.getValue_asU8() ?? new Uint8Array();
  return common.Orderers.deserializeBinary(consenters)
    .getConsenterMappingList()
    .map((node) => ordererText(node.getId(), node.getMspId(), node.getHost(), node.getPort()))
    .sort()
    .join(', ');
}

function ordererText(consenterId: number, mspId: string, host: string, port: number): string {
  return `${consenterId} ${mspId} ${host}:${port}`;
}
