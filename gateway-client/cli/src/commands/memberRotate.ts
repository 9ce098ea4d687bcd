import { beginRotation, openOwnPart, renewOwnPart, retireAuthority } from '@tracecal/network/member';
import type { AuthorityKind } from '@tracecal/network/pki';
import { presentConfig } from '@tracecal/network/proposal';
import { channelsOf } from '@tracecal/network/topology';
import { Argument, Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withOwnMember } from '../network/ownPeer.js';
import type { Place } from '../session.js';

interface Options {
  readonly only?: AuthorityKind;
}

const STEPS = ['begin', 'renew', 'retire'] as const;
type Step = (typeof STEPS)[number];
const KINDS: readonly AuthorityKind[] = ['identity', 'tls'];

/** What the user does next. */
const NEXT: Readonly<Record<Step, string>> = {
  begin:
    'The new CAs stand beside the old ones in your files. Propose that on each of your channels: proposal create CHANNEL --authorities. Then: member rotate renew.',
  renew:
    'Your nodes and users have certificates of the new CAs. Start your nodes again at once: member down, member up. Then: member rotate retire.',
  retire:
    'The old CAs are out of your files. Propose that on each of your channels: proposal create CHANNEL --authorities. Then start your nodes again, and ask the others for member adopt with their description.',
};

export function memberRotate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'rotate',
      description:
        'Replace your CAs (of identities and of TLS) in three steps: begin makes new ones beside the old ones, renew has them certify your nodes and users, retire takes the old ones out. Between them your channels get the change by a proposal that you alone have to sign. Each step may be repeated.',
      example: 'member rotate begin --data lab-alpha',
      reads: true,
      configure: (command) =>
        command
          .addArgument(new Argument('<step>', 'what to do').choices(STEPS))
          .addOption(new Option('--only <kind>', 'only the CA of these certificates').choices(KINDS)),
      async run({ terminal, ...place }, [given = ''], { only }) {
        const step = given as Step;
        const own = openOwnPart(place.data.root);
        const kinds = only === undefined ? KINDS : [only];
        await DO[step](own, kinds, place);
        const channels = channelsOf(own.consortium, own.member.id).map(({ name }) => name);
        const document = { member: own.member.id, step, authorities: kinds, channels };
        terminal.result(document, (style) =>
          [`${style.green('✓')} ${NEXT[step]}`, `Your channels: ${channels.join(', ')}.`].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

type Act = (own: ReturnType<typeof openOwnPart>, kinds: readonly AuthorityKind[], place: Place) => Promise<void> | void;

const DO: Readonly<Record<Step, Act>> = {
  begin: beginRotation,
  renew: (own, kinds, place) =>
    withOwnMember(place, (peer) => renewOwnPart(own, kinds, (channel) => presentConfig(peer, channel))),
  retire: retireAuthority,
};
