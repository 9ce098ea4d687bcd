import { claims, duplicates } from './checkOrganisations.js';
import type { Channel, Consortium, Level, OrganisationKind } from './consortium.js';
import type { Finding } from './document.js';

/**
 * The kinds of organisation that may write at each level. Kinds of the calibration level must not see lower levels; an observer writes
 * nowhere.
 */
const WRITERS: Readonly<Record<Level, readonly OrganisationKind[]>> = {
  calibration: ['NMI', 'ACCREDITATION_BODY', 'LAB'],
  measurement: ['OEM', 'OPERATOR'],
  monitoring: ['MONITOR'],
};

/** Checks that channels have existing members, each as a writer or a reader, and separate the levels: no write up, no read down. */
export function checkChannels(consortium: Consortium): Finding[] {
  const { channels } = consortium;
  return [
    ...duplicates(claims('channels', channels, 'name'), 'channel name'),
    ...(isWithoutLevels(consortium) ? [] : checkCalibration(channels)),
    ...checkInstitutes(consortium),
    ...checkCompartments(channels),
    ...channels.flatMap((channel, index) => [
      ...checkMembers(consortium, channel, index, 'writers'),
      ...checkMembers(consortium, channel, index, 'readers'),
      ...checkBothRoles(channel, index),
    ]),
  ];
}

/** A consortium may use the network for something else. */
function isWithoutLevels({ channels, organisations }: Consortium): boolean {
  return channels.every(({ level }) => level === undefined) && organisations.every(({ kind }) => kind === undefined);
}

function checkCalibration(channels: readonly Channel[]): Finding[] {
  const found = channels.flatMap((channel, index) => (channel.level === 'calibration' ? [{ channel, index }] : []));
  if (found.length === 0)
    return [
      { path: ['channels'], reason: 'no channel is of level calibration: add one, written by at least one NMI.' },
    ];
  return found.flatMap(({ channel, index }, position): Finding[] => [
    ...(position === 0
      ? []
      : [
          {
            path: ['channels', index, 'level'],
            reason: `channel "${channel.name}" is a second one of level calibration; there is exactly one.`,
          },
        ]),
    ...(channel.compartment === undefined
      ? []
      : [{ path: ['channels', index, 'compartment'], reason: 'the calibration level has no compartments.' }]),
  ]);
}

/** The NMIs decide on the calibration level, so it needs at least one. */
function checkInstitutes({ channels, organisations }: Consortium): Finding[] {
  const institutes = new Set(organisations.filter(({ kind }) => kind === 'NMI').map(({ id }) => id));
  return channels.flatMap(({ name, level, writers }, index) =>
    level !== 'calibration' || writers.some((id) => institutes.has(id))
      ? []
      : [
          {
            path: ['channels', index, 'writers'],
            reason: `channel "${name}" has no NMI among its writers; a majority of the NMIs endorses and administers the calibration level: add at least one.`,
          },
        ],
  );
}

function checkCompartments(channels: readonly Channel[]): Finding[] {
  const seen = new Set<string>();
  return channels.flatMap(({ level, compartment }, index) => {
    const key = `${level}/${compartment ?? ''}`;
    if (compartment === undefined || !seen.has(key)) {
      seen.add(key);
      return [];
    }
    const reason = `compartment "${compartment}" of ${level === undefined ? 'no level' : `level ${level}`} has a channel already.`;
    return [{ path: ['channels', index, 'compartment'], reason }];
  });
}

function checkMembers(
  { organisations }: Consortium,
  channel: Channel,
  index: number,
  role: 'writers' | 'readers',
): Finding[] {
  const kinds = new Map(organisations.map(({ id, kind }) => [id, kind]));
  const listed = new Set<string>();
  return channel[role].flatMap((id, position) => {
    const reason = listed.has(id)
      ? `organisation "${id}" is named twice.`
      : kinds.has(id)
        ? memberProblem(channel, id, kinds.get(id), role === 'writers' ? 'writer' : 'reader')
        : `organisation "${id}" is a ${role.slice(0, -1)} of channel "${channel.name}" but is not defined.`;
    listed.add(id);
    return reason === undefined ? [] : [{ path: ['channels', index, role, position], reason }];
  });
}

function memberProblem(
  { name, level }: Channel,
  id: string,
  kind: OrganisationKind | undefined,
  role: 'writer' | 'reader',
): string | undefined {
  const subject = `organisation "${id}" is a ${role} of channel "${name}"`;
  if (level === undefined || kind === undefined) {
    if (level === kind) return undefined;
    return level === undefined
      ? `${subject} but of kind ${kind}: channels without a level are for members without a kind, so that nothing passes by the levels.`
      : `${subject} but has no kind, which says what it may do at the ${level} level.`;
  }
  if (level !== 'calibration' && WRITERS.calibration.includes(kind)) {
    return `${subject} but of kind ${kind}, which sees nothing below the calibration level (no read down).`;
  }
  if (role === 'writer' && !WRITERS[level].includes(kind)) {
    return `${subject} but of kind ${kind}; at the ${level} level only members of kind ${WRITERS[level].join(' or ')} write (no write up).`;
  }
  return undefined;
}

function checkBothRoles({ name, writers, readers }: Channel, index: number): Finding[] {
  return readers.flatMap((id, position) =>
    writers.includes(id)
      ? [
          {
            path: ['channels', index, 'readers', position],
            reason: `organisation "${id}" is both a writer and a reader of channel "${name}"; writers read anyway.`,
          },
        ]
      : [],
  );
}
