import {
  defaultConsortiumFile,
  readConsortium,
  type Consortium,
  type Joining,
  type MemberOrganisation,
} from '@tracecal/network/topology';
import type { MachinePlace } from './machine.js';

/** Two of the three institutes are a majority of them. */
export const MAJORITY = ['nmi-north', 'nmi-south'] as const;
/** Each institute and the first laboratory run an orderer; `oem-a` has a site, and `oem-b` only reads the registry. */
export const FOUNDERS = [...MAJORITY, 'nmi-east', 'lab-alpha', 'oem-a', 'oem-b'] as const;
export const NEWCOMER = 'lab-beta';
/** A gateway at the site of `oem-a`, which somebody has taken over: it has no rules. */
export const GATEWAY = 'gateway';

const ALL = [...FOUNDERS, NEWCOMER];
const CHANNELS = ['calibration', 'measurement-a'];

function addressOf(id: string): string {
  return `10.77.${ALL.indexOf(id) + 1}.1`;
}

/** The name of a member's machine, which the description has in place of its address. */
export function hostOf(id: string): string {
  return `node.${id}.example`;
}

const GATEWAY_ADDRESS = '10.77.5.9';

export const PLACES: readonly MachinePlace[] = [
  ...ALL.map((id) => ({ id, address: addressOf(id) })),
  { id: GATEWAY, address: GATEWAY_ADDRESS },
];

/** The names in the hosts files. */
export const NAMES: ReadonlyMap<string, string> = new Map(ALL.map((id) => [addressOf(id), hostOf(id)]));

/** The sample with these members, each with a machine of its own. Institutes and the first laboratory have to be among them. */
export function placedMembers(founders: readonly string[] = FOUNDERS): Consortium {
  const isFounder = (id: string): boolean => founders.includes(id);
  const { organisations, orderers, channels, chaincodes, ...rest } = sample();
  return {
    ...rest,
    organisations: organisations.filter(({ id }) => isFounder(id)).map(placed),
    orderers: orderers.map((orderer) => ({ ...orderer, host: hostOf(orderer.runBy) })),
    channels: channels
      .filter(({ name }) => CHANNELS.includes(name))
      .map(({ writers, readers, ...channel }) => ({
        ...channel,
        writers: writers.filter(isFounder),
        readers: readers.filter(isFounder),
      })),
    chaincodes: chaincodes
      .map((chaincode) => ({
        ...chaincode,
        channels: chaincode.channels.filter((name) => CHANNELS.includes(name)),
        ...(typeof chaincode.endorsement === 'object' && {
          endorsement: Object.fromEntries(
            Object.entries(chaincode.endorsement).filter(([name]) => CHANNELS.includes(name)),
          ),
        }),
      }))
      .filter((chaincode) => chaincode.channels.length > 0),
    firewall: {
      zones: [{ name: 'line-a', organisation: 'oem-a', site: 'site-a', gateways: [GATEWAY_ADDRESS], instruments: [] }],
    },
  };
}

/** A second laboratory that joins them. */
export function joining(): Joining {
  const organisation = sample().organisations.find(({ id }) => id === NEWCOMER)!;
  return { organisation: placed(organisation), channels: { calibration: 'writer' }, endorsement: {} };
}

function sample(): Consortium {
  return readConsortium(defaultConsortiumFile());
}

function placed({ peers, ...each }: MemberOrganisation): MemberOrganisation {
  return { ...each, peers: peers.map((peer) => ({ ...peer, host: hostOf(each.id) })) };
}
