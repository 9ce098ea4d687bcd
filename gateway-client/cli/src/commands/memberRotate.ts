import { beginRotation, openOwnPart, renewOwnPart, retireAuthority } from '@tracecal/network/member';
import type { AuthorityKind } from '@tracecal/network/pki';
import { presentConfig } from '@tracecal/network/proposal';
import { channelsOf } from '@tracecal/network/topology';
import { Argument } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withOwnMember } from '../network/ownPeer.js';
import type { Place } from '../session.js';

interface Options {
  readonly tls?: boolean;
}

const STEPS = ['begin', 'renew', 'retire'] as const;
type Step = (typeof STEPS)[number];

/** What the user does next. */
const NEXT: Readonly<Record<Step, string>> = {
  begin:
    'The new CA stands beside the old one in your files. Propose it on each of your channels: proposal create CHANNEL --authorities. Then: member rotate renew.',
  renew:
    'Your nodes and users have certificates of the new CA. Start your nodes again: member down, member up. Then: member rotate retire.',
  retire:
    'The old CA is out of your files. Propose that on each of your channels: proposal create CHANNEL --authorities. Then start your nodes again, and ask the others for member adopt with their description.',
};

export function memberRotate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'rotate',
      description:
        'Replace your CA in three steps: begin makes the new one beside the old one, renew has it certify your nodes and users, retire takes the old one out. Between them your channels get the change by a proposal that you alone have to sign. Each step may be repeated.',
      example: 'member rotate begin --data lab-alpha',
      reads: true,
      configure: (command) =>
        command
          .addArgument(new Argument('<step>', 'what to do').choices(STEPS))
          .option('--tls', 'the CA of TLS certificates, in place of that of identities'),
      async run({ terminal, ...place }, [given = ''], { tls = false }) {
        const step = given as Step;
        const own = openOwnPart(place.data.root);
        await DO[step](own, tls ? 'tls' : 'identity', place);
        const channels = channelsOf(own.consortium, own.member.id).map(({ name }) => name);
        const document = { member: own.member.id, step, authority: tls ? 'tls' : 'identity', channels };
        terminal.result(document, (style) =>
          [`${style.green('✓')} ${NEXT[step]}`, `Your channels: ${channels.join(', ')}.`].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

type Act = (own: ReturnType<typeof openOwnPart>, kind: AuthorityKind, place: Place) => Promise<void> | void;

const DO: Readonly<Record<Step, Act>> = {
  begin: beginRotation,
  renew: (own, kind, place) =>
    withOwnMember(place, (peer) => renewOwnPart(own, kind, (channel) => presentConfig(peer, channel))),
  retire: retireAuthority,
};
