import { join } from 'node:path';
import { parseConsortium, type Consortium, type Joining } from '@tracecal/network/topology';

/** The package of the key-value chaincode, beside the compiled support code. */
export const KV_PACKAGE = join(__dirname, '..', '..', 'support', 'chaincode-kv');

/** Where alpha, beta and gamma write and delta may only read. */
export const SHARED = 'calibration';
/** Where delta is alone. */
export const OWN = 'measurement';
/** The chaincode on {@link SHARED}: a majority of the NMIs endorses, so two of alpha, beta and gamma. */
export const KV = 'kv';
/** The same code on {@link OWN}, endorsed by delta. */
export const OWN_KV = 'kv-own';
/** Private to alpha and beta, whose clients alone may ask for it. */
export const CLOSED_COLLECTION = 'closed';
/** Private to alpha and beta; anybody may ask, and gets what his peer has. */
export const OPEN_COLLECTION = 'open';

/** What the description gives the processes of {@link KV}, and what they are given when the network is started. */
export const DESCRIBED_ENVIRONMENT = { TRACECAL_DESCRIBED: "the description's $VALUE" };
export const START_ENVIRONMENT = { TRACECAL_FOUNDING: 'known at the start' };

/** An NMI that joins {@link SHARED} later: then three of four endorse. */
export const epsilon: Joining = {
  organisation: {
    id: 'epsilon',
    mspId: 'EpsilonMSP',
    name: 'Scenario organisation epsilon',
    kind: 'NMI',
    country: 'ZZ',
    domain: 'epsilon.example',
    peers: [{ name: 'peer0', port: 7951 }],
    users: [{ name: 'User1', roles: [] }],
  },
  channels: { [SHARED]: 'writer' },
  endorsement: {},
};

const MEMBERS = [
  { id: 'alpha', kind: 'NMI' },
  { id: 'beta', kind: 'NMI' },
  { id: 'gamma', kind: 'NMI' },
  { id: 'delta', kind: 'OEM' },
] as const;

export type MemberId = (typeof MEMBERS)[number]['id'];

/** `AlphaMSP` */
export function mspIdOf(id: MemberId): string {
  return `${id.charAt(0).toUpperCase()}${id.slice(1)}MSP`;
}

/**
 * The consortium that all scenarios run on: three NMIs that write one channel, a fourth that may only read it
 * and has a channel of its own, four orderers, one chaincode on each channel.
 */
export function scenarioConsortium(): Consortium {
  const collection = {
    members: ['alpha', 'beta'],
    memberOnlyWrite: false,
    requiredPeerCount: 0,
    maxPeerCount: 1,
    blockToLive: 0,
  };
  const description = {
    name: 'scenarios',
    organisations: MEMBERS.map(({ id, kind }, index) => ({
      id,
      kind,
      mspId: mspIdOf(id),
      name: `Scenario organisation ${id}`,
      country: 'ZZ',
      domain: `${id}.example`,
      peers: [{ name: 'peer0', port: 7051 + 100 * index }],
      users: [{ name: 'User1', roles: [] }],
    })),
    orderers: MEMBERS.map(({ id }, index) => ({
      name: `orderer${index + 1}`,
      runBy: id,
      mspId: mspIdOf(id).replace('MSP', 'OrdererMSP'),
      domain: `orderer.${id}.example`,
      port: 7050 + 100 * index,
      adminPort: 7053 + 100 * index,
      consenterId: index + 1,
    })),
    channels: [
      { name: SHARED, level: 'calibration', writers: ['alpha', 'beta', 'gamma'], readers: ['delta'] },
      { name: OWN, level: 'measurement', writers: ['delta'] },
    ],
    chaincodes: [
      {
        name: KV,
        channels: [SHARED],
        version: '1.0',
        sequence: 1,
        endorsement: '/Channel/Application/Endorsement',
        service: { package: KV_PACKAGE, environment: DESCRIBED_ENVIRONMENT },
        collections: [
          { ...collection, name: CLOSED_COLLECTION, memberOnlyRead: true },
          { ...collection, name: OPEN_COLLECTION, memberOnlyRead: false },
        ],
      },
      {
        name: OWN_KV,
        channels: [OWN],
        version: '1.0',
        sequence: 1,
        endorsement: "OR('DeltaMSP.peer')",
        service: { package: KV_PACKAGE },
      },
    ],
  };
  return parseConsortium(JSON.stringify(description), 'the consortium of the scenarios');
}

/** The same with its shared channel and the chaincode on that alone: for a network of one's own. */
export function sharedChannelAlone(): Consortium {
  const { channels, chaincodes, ...rest } = scenarioConsortium();
  return {
    ...rest,
    channels: channels.filter(({ name }) => name === SHARED),
    chaincodes: chaincodes.filter(({ name }) => name === KV),
  };
}
