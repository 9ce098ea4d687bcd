import { membersOf } from './onChannel.js';
import type { Consortium, MemberOrganisation } from './consortium.js';
import type { Finding } from './document.js';

/**
 * Checks that the organisation whose identity all readers share has no right but to read the calibration level: whoever wants to be nobody
 * in particular must not be able to do anything in particular.
 */
export function checkShared(consortium: Consortium): Finding[] {
  const shared = consortium.organisations.flatMap((organisation, index) =>
    organisation.shared === true ? [{ organisation, index }] : [],
  );
  return shared.flatMap(({ organisation, index }, position): Finding[] => {
    const path = ['organisations', index];
    const subject = `organisation "${organisation.id}" is shared by all readers`;
    const second: Finding[] =
      position === 0
        ? []
        : [{ path: [...path, 'shared'], reason: `${subject}, and so is another one: two would tell readers apart.` }];
    return [
      ...second,
      ...problemsOf(consortium, organisation).map(({ path: at, reason }) => ({
        path: at[0] === 'channels' || at[0] === 'chaincodes' || at[0] === 'orderers' ? at : [...path, ...at],
        reason: `${subject}${reason}`,
      })),
    ];
  });
}

function problemsOf(consortium: Consortium, { id, kind, users }: MemberOrganisation): Finding[] {
  const { channels, chaincodes, orderers } = consortium;
  return [
    ...(kind === 'OBSERVER'
      ? []
      : [
          {
            path: ['kind'],
            reason: ` but of ${kind === undefined ? 'no kind' : `kind ${kind}`}: it must be of kind OBSERVER.`,
          },
        ]),
    ...(users.length === 1 && users[0]?.roles.length === 0
      ? []
      : [{ path: ['users'], reason: ': it must have one user without roles, whose identity they share.' }]),
    ...channels.flatMap((channel, index) => {
      const { name, level } = channel;
      return level !== 'calibration' && membersOf(channel).includes(id)
        ? [{ path: ['channels', index], reason: ` but in channel "${name}": it reads the calibration level only.` }]
        : channel.writers.includes(id)
          ? [{ path: ['channels', index, 'writers'], reason: ` but a writer of channel "${name}": it may only read.` }]
          : [];
    }),
    ...orderers.flatMap(({ name, runBy }, index) =>
      runBy === id
        ? [{ path: ['orderers', index, 'runBy'], reason: ` but runs orderer "${name}": it may only read.` }]
        : [],
    ),
    ...chaincodes.flatMap(({ name, collections = [] }, index) =>
      collections.some(({ members }) => members.includes(id))
        ? [
            {
              path: ['chaincodes', index, 'collections'],
              reason: ` but a member of a private collection of "${name}".`,
            },
          ]
        : [],
    ),
  ];
}
