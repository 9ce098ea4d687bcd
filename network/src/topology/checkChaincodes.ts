import { claims, duplicates } from './checkOrganisations.js';
import { CHANNEL_ENDORSEMENT, readPolicyText } from './endorsementPolicy.js';
import { hasCollection, membersOf } from './onChannel.js';
import type { ChaincodeDeployment, Channel, Consortium } from './consortium.js';
import type { Finding, Path } from './document.js';

/** Checks that chaincodes run on existing channels, and are endorsed by existing organisations. */
export function checkChaincodes(consortium: Consortium): Finding[] {
  return [
    ...duplicates(claims('chaincodes', consortium.chaincodes, 'name'), 'chaincode name'),
    ...consortium.chaincodes.flatMap((chaincode, index) => {
      const path = ['chaincodes', index];
      return [
        ...checkPlaces(consortium, chaincode, path),
        ...checkEndorsement(consortium, chaincode, path),
        ...checkCollections(consortium, chaincode, path),
      ];
    }),
  ];
}

function checkPlaces({ channels }: Consortium, chaincode: ChaincodeDeployment, path: Path): Finding[] {
  const known = new Set(channels.map(({ name }) => name));
  const places = chaincode.channels.map((value, index) => ({ path: [...path, 'channels', index], value }));
  return [
    ...duplicates(places, 'channel'),
    ...places
      .filter(({ value }) => !known.has(value))
      .map((place) => ({
        path: place.path,
        reason: `chaincode "${chaincode.name}" runs on channel "${place.value}", which is not defined.`,
      })),
  ];
}

function checkEndorsement(
  consortium: Consortium,
  { name, channels, endorsement }: ChaincodeDeployment,
  path: Path,
): Finding[] {
  const at = [...path, 'endorsement'];
  if (typeof endorsement === 'string') {
    return checkPolicyOn(endorsement, consortium, channels, at);
  }
  return [
    ...channels
      .filter((channel) => endorsement[channel] === undefined)
      .map((channel) => ({
        path: at,
        reason: `chaincode "${name}" has no endorsement policy for channel "${channel}".`,
      })),
    ...Object.entries(endorsement).flatMap(([channel, policy]) =>
      channels.includes(channel)
        ? checkPolicyOn(policy, consortium, [channel], [...at, channel])
        : [{ path: [...at, channel], reason: `chaincode "${name}" does not run on channel "${channel}".` }],
    ),
  ];
}

function checkCollections(
  consortium: Consortium,
  { channels, collections = [] }: ChaincodeDeployment,
  path: Path,
): Finding[] {
  const list = [...path, 'collections'];
  const places = placesOf(consortium, channels);
  const present = new Set(places.flatMap(membersOf));
  return [
    ...duplicates(claims(list, collections, 'name'), 'collection name'),
    ...collections.flatMap((collection, index) => {
      const at = [...list, index];
      return [
        ...collection.members.flatMap((id, position) =>
          present.has(id)
            ? []
            : [
                {
                  path: [...at, 'members', position],
                  reason: `organisation "${id}" is a member of collection "${collection.name}" but of none of its channels.`,
                },
              ],
        ),
        ...(collection.members.every((id) => present.has(id)) &&
        !places.some((channel) => hasCollection(channel, collection))
          ? [
              {
                path: [...at, 'members'],
                reason: `none of its channels has all members of collection "${collection.name}", so it would exist on no channel.`,
              },
            ]
          : []),
        ...(collection.requiredPeerCount > collection.maxPeerCount
          ? [{ path: [...at, 'requiredPeerCount'], reason: 'requiredPeerCount must not exceed maxPeerCount.' }]
          : []),
        ...(collection.endorsement === undefined
          ? []
          : checkPolicyOn(collection.endorsement, consortium, channels, [...at, 'endorsement'])),
      ];
    }),
  ];
}

function placesOf({ channels }: Consortium, names: readonly string[]): readonly Channel[] {
  return channels.filter(({ name }) => names.includes(name));
}

/**
 * The calibration level accepts the channel's own policy only. Any other could be satisfied without a majority of the NMIs, or
 * would not follow when an NMI joins or leaves.
 */
function checkPolicyOn(policy: string, consortium: Consortium, channels: readonly string[], path: Path): Finding[] {
  const calibration = placesOf(consortium, channels).find(({ level }) => level === 'calibration');
  if (calibration === undefined) return checkPolicy(policy, consortium, channels, path);
  if (policy === CHANNEL_ENDORSEMENT) return [];
  const reason = `channel "${calibration.name}" is of the calibration level, where a majority of the NMIs must endorse every transaction; any other policy could be satisfied without them, or would not follow when an NMI joins or leaves: write ${CHANNEL_ENDORSEMENT}.`;
  return [{ path, reason }];
}

/**
 * Endorsers are responsible for what is written: only writers of a channel may endorse there, never an organisation that only reads one of
 * the chaincode's channels.
 */
function checkPolicy(policy: string, consortium: Consortium, channels: readonly string[], path: Path): Finding[] {
  const places = placesOf(consortium, channels);
  const read = readPolicyText(policy, places.some(({ level }) => level !== undefined) ? 'peers' : 'members');
  if ('problem' in read) return [{ path, reason: `the endorsement policy ${read.problem}.` }];
  const ids = new Map(consortium.organisations.map(({ id, mspId }) => [mspId, id]));
  return read.mspIds.flatMap((mspId) => {
    const id = ids.get(mspId) ?? '';
    const readable = places.find(({ readers }) => readers.includes(id));
    if (readable !== undefined) {
      const reason = `the endorsement policy names "${mspId}", which only reads channel "${readable.name}"; name organisations that write it.`;
      return [{ path, reason }];
    }
    if (places.some(({ writers }) => writers.includes(id))) return [];
    return [
      { path, reason: `the endorsement policy names "${mspId}", which is the MSP id of no writer of the channel.` },
    ];
  });
}
