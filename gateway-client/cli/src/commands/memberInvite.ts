import {
  ApplicationError,
  configurationBlocks,
  requireNewFile,
  writeExchangedFile,
} from '@tracecal/gateway-client/application';
import { channelBlock, channelHeight } from '@tracecal/network/admin';
import { invitationText, readInvitation, channelsFingerprint } from '@tracecal/network/member';
import type { ChannelHistory } from '@tracecal/network/member';
import { channelsOf, channelsRunBy } from '@tracecal/network/topology';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withOwnMember } from '../network/ownPeer.js';
import type { OwnMember } from '../network/ownPeer.js';

interface Options {
  readonly output: string;
}

export function memberInvite(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'invite <newcomer>',
      description:
        'Write what a new member needs to start its nodes, or a member to start a further orderer: the configurations of those of your channels that its nodes join, from the first one on. Nothing in it is secret.',
      example: 'member invite lab-gamma -o invitation.json --data lab-alpha',
      reads: true,
      configure: (command) => command.requiredOption('-o, --output <file>', 'the new file to write'),
      async run({ terminal, ...place }, [newcomer = ''], { output }) {
        requireNewFile(output);
        const histories = await withOwnMember(place, (own) => historiesFor(own, newcomer));
        const text = invitationText(histories);
        const channels = readInvitation({ name: output, text });
        const fingerprint = channelsFingerprint(channels);
        await writeExchangedFile(output, text);
        const document = { file: output, channels: channels.map(({ channel }) => channel), fingerprint };
        terminal.result(document, (style) =>
          [
            `${style.green('✓')} Written to ${output}: the channels ${document.channels.join(', ')}.`,
            `Their fingerprint is ${style.bold(fingerprint)}: ${newcomer} reads it out to another member by telephone.`,
            `${newcomer} joins with ${style.hint(`member accept ${output}`)}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

async function historiesFor(own: OwnMember, newcomer: string): Promise<readonly ChannelHistory[]> {
  const { consortium, member, connection, admin } = own;
  const shared = new Set(channelsRunBy(consortium, newcomer));
  const channels = channelsOf(consortium, member.id).filter((channel) => shared.has(channel));
  if (channels.length === 0) {
    throw new ApplicationError(
      'USAGE',
      `The description has no channel of ${newcomer} and ${member.id}: take the changed one first (tracecal member adopt).`,
    );
  }
  return Promise.all(
    channels.map(async ({ name }) => ({
      channel: name,
      blocks: await configurationBlocks({
        height: async () => BigInt(await channelHeight(connection, admin, name)),
        block: (number) => channelBlock(connection, admin, name, number),
      }),
    })),
  );
}
