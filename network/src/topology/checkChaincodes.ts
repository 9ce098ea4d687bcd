import { claims, duplicates } from './checkOrganisations.js';
import { readPolicyText } from './endorsementPolicy.js';
import type { ChaincodeDeployment, Consortium } from './consortium.js';
import type { Finding, Path } from './document.js';

/** Chaincodes run on channels that exist, and are endorsed by organisations that are there. */
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
    return checkPolicy(endorsement, membersOf(consortium, channels), at);
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
        ? checkPolicy(policy, membersOf(consortium, [channel]), [...at, channel])
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
  const present = membersOf(consortium, channels);
  return [
    ...duplicates(claims(list, collections, 'name'), 'collection name'),
    ...collections.flatMap((collection, index) => {
      const at = [...list, index];
      return [
        ...collection.members.flatMap((id, position) =>
          present.ids.has(id)
            ? []
            : [
                {
                  path: [...at, 'members', position],
                  reason: `organisation "${id}" is a member of collection "${collection.name}" but of none of its channels.`,
                },
              ],
        ),
        ...(collection.requiredPeerCount > collection.maxPeerCount
          ? [{ path: [...at, 'requiredPeerCount'], reason: 'requiredPeerCount must not exceed maxPeerCount.' }]
          : []),
        ...(collection.endorsement === undefined
          ? []
          : checkPolicy(collection.endorsement, present, [...at, 'endorsement'])),
      ];
    }),
  ];
}

interface Members {
  readonly ids: ReadonlySet<string>;
  readonly mspIds: ReadonlySet<string>;
}

function membersOf({ organisations, channels }: Consortium, names: readonly string[]): Members {
  const used = channels.filter(({ name }) => names.includes(name));
  const ids = new Set(used.flatMap(({ writers, readers }) => [...writers, ...readers]));
  return { ids, mspIds: new Set(organisations.filter(({ id }) => ids.has(id)).map(({ mspId }) => mspId)) };
}

function checkPolicy(policy: string, { mspIds }: Members, path: Path): Finding[] {
  const read = readPolicyText(policy);
  if ('problem' in read) return [{ path, reason: `the endorsement policy ${read.problem}.` }];
  return read.mspIds
    .filter((mspId) => !mspIds.has(mspId))
    .map((mspId) => ({
      path,
      reason: `the endorsement policy names "${mspId}", which is the MSP id of no member of the channel.`,
    }));
}
