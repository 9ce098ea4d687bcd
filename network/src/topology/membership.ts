import { stringify } from 'yaml';
import { ConsortiumError } from './consortiumError.js';
import type { ChaincodeDeployment, Channel, Consortium } from './consortium.js';
import type { Firewall, Zone } from './firewall.js';
import { SourceDocument } from './document.js';
import { findingsOf } from './findings.js';
import { collectorsOf, siteOf } from './onChannel.js';
import { parseConsortium } from './read.js';
import { joiningSchema, type Joining, type MembershipChange } from './schema.js';

/** Options of a change of a running network's members. */
export interface ChangeOptions {
  /**
   * The source from which a new organisation's peers join its channels: the `genesis` block (default), with all earlier blocks, or a
   * `snapshot` of another member's peer, with the state only.
   */
  readonly joinFrom?: 'genesis' | 'snapshot';
}

/** New endorsement policies by chaincode. */
export type Endorsements = Joining['endorsement'];

/**
 * Parses the text of a file about a joining organisation: `organisation` as in its description, `channels` with `writer` or `reader` for
 * each channel that it enters, and the `endorsement` of chaincodes whose policy changes.
 * @param name - Name of the file in error messages.
 * @throws ConsortiumError `CONSORTIUM_INVALID`
 */
export function parseJoining(text: string, name: string): Joining {
  const source = new SourceDocument(text);
  if (source.problems.length > 0) throw new ConsortiumError('CONSORTIUM_INVALID', name, source.problems);
  const parsed = joiningSchema.safeParse(source.value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = findingsOf(parsed.error).map(({ path, reason }) => ({ line: source.lineOf(path), reason }));
  throw new ConsortiumError('CONSORTIUM_INVALID', name, problems);
}

/**
 * The consortium after a change of its members.
 * @throws ConsortiumError `CONSORTIUM_INVALID` when the change is impossible
 */
export function withMembership(consortium: Consortium, change: MembershipChange): Consortium {
  return 'join' in change
    ? withOrganisation(consortium, change.join)
    : withoutOrganisation(consortium, change.leave, change.endorsement);
}

/**
 * The consortium with one more member.
 * @throws ConsortiumError `CONSORTIUM_INVALID` when the new member does not fit
 */
export function withOrganisation(consortium: Consortium, joining: Joining): Consortium {
  const { organisation, channels, endorsement } = joining;
  const unknown = Object.keys(channels).find((name) => !consortium.channels.some((channel) => channel.name === name));
  if (unknown !== undefined) throw refusal(`the consortium has no channel "${unknown}" that it could enter.`);
  const enter = (channel: Channel): Channel => {
    const role = channels[channel.name];
    if (role === 'writer') return { ...channel, writers: [...channel.writers, organisation.id] };
    return role === 'reader' ? { ...channel, readers: [...channel.readers, organisation.id] } : channel;
  };
  return checked({
    ...consortium,
    organisations: [...consortium.organisations, organisation],
    orderers: consortium.orderers.map((orderer) => {
      const { formerMember, ...node } = orderer;
      return formerMember === true && node.runBy === organisation.id ? node : orderer;
    }),
    channels: consortium.channels.map(enter),
    chaincodes: withEndorsements(consortium, endorsement),
  });
}

/**
 * The consortium without one of its members. Its orderer stays, as that of a former member.
 * @throws ConsortiumError `CONSORTIUM_INVALID` when the member is still needed: by a policy, a collection, a channel without other writers,
 * or the calibration level, as its last NMI
 */
export function withoutOrganisation(consortium: Consortium, id: string, endorsement: Endorsements = {}): Consortium {
  if (!consortium.organisations.some((organisation) => organisation.id === id)) {
    throw refusal(`there is no organisation "${id}" that could leave.`);
  }
  const others = (ids: readonly string[]): readonly string[] => ids.filter((other) => other !== id);
  return checked({
    ...consortium,
    organisations: consortium.organisations.filter((organisation) => organisation.id !== id),
    orderers: consortium.orderers.map((node) => (node.runBy === id ? { ...node, formerMember: true } : node)),
    channels: consortium.channels.map((channel) => ({
      ...channel,
      writers: others(channel.writers),
      readers: others(channel.readers),
    })),
    chaincodes: withEndorsements(consortium, endorsement),
    ...(consortium.firewall && { firewall: withoutZonesOf(consortium, consortium.firewall, id) }),
  });
}

/** A site whose monitor has left sends to nobody any more. */
function withoutZonesOf({ channels }: Consortium, firewall: Firewall, id: string): Firewall {
  const zones = firewall.zones.filter(({ organisation }) => organisation !== id);
  const isReceived = ({ site }: Zone) =>
    channels.some(
      (channel) =>
        channel.level === 'measurement' && siteOf(channel) === site && collectorsOf(channel, zones).length > 0,
    );
  return {
    ...firewall,
    zones: zones.map((zone) => {
      const { oneWayPort, ...rest } = zone;
      return oneWayPort === undefined || isReceived(zone) ? zone : rest;
    }),
  };
}

/**
 * The consortium with a changed chaincode description.
 * @throws ConsortiumError `CONSORTIUM_INVALID`
 */
export function withChaincode(consortium: Consortium, changed: ChaincodeDeployment): Consortium {
  const chaincodes = consortium.chaincodes.map((chaincode) => (chaincode.name === changed.name ? changed : chaincode));
  return checked({ ...consortium, chaincodes });
}

/** A description as text, which {@link parseConsortium} reads back. */
export function consortiumText(consortium: Consortium): string {
  // Keep each policy on one line, for people who edit the file.
  return stringify(consortium, { lineWidth: 0 });
}

/** A chaincode's policy changes together with its sequence. */
function withEndorsements({ chaincodes }: Consortium, endorsements: Endorsements): readonly ChaincodeDeployment[] {
  const unknown = Object.keys(endorsements).find((name) => !chaincodes.some((chaincode) => chaincode.name === name));
  if (unknown !== undefined) throw refusal(`there is no chaincode "${unknown}" whose endorsement could change.`);
  return chaincodes.map((chaincode) => {
    const endorsement = endorsements[chaincode.name];
    return endorsement === undefined ? chaincode : { ...chaincode, endorsement, sequence: chaincode.sequence + 1 };
  });
}

function checked(consortium: Consortium): Consortium {
  return parseConsortium(consortiumText(consortium), 'the consortium as it would be');
}

function refusal(reason: string): ConsortiumError {
  return new ConsortiumError('CONSORTIUM_INVALID', 'the change of members', [{ reason }]);
}
