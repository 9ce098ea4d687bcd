import { readExactText } from '@tracecal/gateway-client/application';
import { acceptInvitations, MAX_INVITATION_CHARACTERS, openOwnPart } from '@tracecal/network/member';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { DATA_HELP } from './memberInit.js';

export function memberAccept(host: Host): Command {
  return commandOf(
    {
      usage: 'accept <invitations...>',
      description:
        'Check invitations to a running consortium, and take the first blocks of its channels from them, so that your nodes may start. Nothing is written unless every check passes.',
      example: 'member accept invitation.json --data lab-gamma',
      acting: 'none',
      dataHelp: DATA_HELP,
      async run({ terminal, data }, names) {
        const given = await Promise.all(
          names.map(async (name) => ({ name, text: await readExactText(name, MAX_INVITATION_CHARACTERS) })),
        );
        const own = openOwnPart(data.root);
        const { channels, fingerprint } = acceptInvitations(own, given);
        const shown = channels.map(({ channel, digest, newest }) => ({
          channel,
          digest,
          configuration: newest.sequence,
          block: newest.number,
        }));
        terminal.result({ member: own.member.id, channels: shown, fingerprint }, (style) =>
          [
            ...shown.map(
              ({ channel, configuration, block }) =>
                `${style.green('✓')} ${channel}: configuration ${configuration} of block ${block}, which follows from the first one.`,
            ),
            `The fingerprint of the first ones is ${style.bold(fingerprint)}: compare it by telephone with a member that did not send you the invitation.`,
            `Then start your nodes: ${style.hint('member up --founding FILE --detach')}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
