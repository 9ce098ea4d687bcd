import { basename } from 'node:path';
import { stringify } from 'yaml';
import { ConsortiumError } from './consortiumError.js';
import type { ChaincodeDeployment, Channel, Consortium } from './consortium.js';
import { descriptionIn } from './descriptionFile.js';
import { SourceDocument } from './document.js';
import { findingsOf } from './findings.js';
import { parseConsortium } from './read.js';
import { joiningSchema, type Joining, type MembershipChange } from './schema.js';

/** How the members of a running network are changed. */
export interface ChangeOptions {
  /**
   * What the peers of a new organisation join its channels from: the `genesis` block, with all blocks that there ever were, or
   * a `snapshot` of another member's peer, with the state alone. The former unless given.
   */
  readonly joinFrom?: 'genesis' | 'snapshot';
}

/** New endorsement policies by chaincode. */
export type Endorsements = Joining['endorsement'];

/**
 * Reads who joins a consortium: `organisation` as in its description, `channels` with `writer` or `reader` for each channel
 * that it enters, and the `endorsement` of those chaincodes whose policy changes with it.
 * @throws ConsortiumError `CONSORTIUM_MISSING`, or `CONSORTIUM_INVALID` with line and reason.
 */
export function readJoining(file: string): Joining {
  return parseJoining(descriptionIn(file, 'the file that describes who joins'), basename(file));
}

/**
 * Who joins, by a file's text.
 * @param name - What errors call the file.
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

/** The consortium after a change of its members. @throws ConsortiumError `CONSORTIUM_INVALID` when it cannot be made */
export function withMembership(consortium: Consortium, change: MembershipChange): Consortium {
  return 'join' in change
    ? withOrganisation(consortium, change.join)
    : withoutOrganisation(consortium, change.leave, change.endorsement);
}

/** The consortium with one more member. @throws ConsortiumError `CONSORTIUM_INVALID` when it does not fit in */
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
 * The consortium without one of its members. The orderer that it runs stays, as that of a former member.
 * @throws ConsortiumError `CONSORTIUM_INVALID` when something still needs it: a policy, a collection, a channel that nobody else
 * writes, or the calibration level, whose last NMI it is
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
  });
}

/** The consortium with another description of one of its chaincodes. @throws ConsortiumError `CONSORTIUM_INVALID` */
export function withChaincode(consortium: Consortium, changed: ChaincodeDeployment): Consortium {
  const chaincodes = consortium.chaincodes.map((chaincode) => (chaincode.name === changed.name ? changed : chaincode));
  return checked({ ...consortium, chaincodes });
}

/** A description as text, which {@link parseConsortium} reads back. */
export function consortiumText(consortium: Consortium): string {
  // Whoever edits it finds a policy on one line.
  return stringify(consortium, { lineWidth: 0 });
}

/** A chaincode's policy changes with the next sequence of its definition. */
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
