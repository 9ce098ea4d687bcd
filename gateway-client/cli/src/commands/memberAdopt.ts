import { readExactText } from '@tracecal/gateway-client/application';
import { adoptDescription } from '@tracecal/network/fabric';
import { channelsFingerprint, joinedSince, openOwnPart } from '@tracecal/network/member';
import { presentConfig, requireProposable } from '@tracecal/network/proposal';
import { parseConsortium } from '@tracecal/network/topology';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withOwnMember } from '../network/ownPeer.js';
import { givenFiles } from './memberFiles.js';
import { MOST_DESCRIPTION_BYTES } from './memberInit.js';

interface Options {
  readonly newcomer: readonly string[];
}

/** Files of those who join with a changed description. */
export const NEWCOMER_FLAGS = '--newcomer <files...>';
export const NEWCOMER_HELP = 'the files of members that join (member request)';

export function memberAdopt(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'adopt <consortium>',
      description:
        'Take a changed description of the consortium into your data directory, as soon as your channels are like that. Your nodes use it from their next start on.',
      example: 'member adopt changed.yaml --newcomer lab-gamma.json --data lab-alpha',
      reads: true,
      configure: (command) => command.option(NEWCOMER_FLAGS, NEWCOMER_HELP, []),
      async run({ terminal, ...place }, [file = ''], { newcomer }) {
        const own = openOwnPart(place.data.root);
        const text = await readExactText(file, MOST_DESCRIPTION_BYTES);
        const next = parseConsortium(text, file);
        requireProposable(own.consortium, next);
        const newcomers = joinedSince(own.consortium, next, await givenFiles(newcomer));
        const founded = await withOwnMember(place, (peer) =>
          adoptDescription(own, { text, newcomers, configOf: (channel) => presentConfig(peer, channel) }),
        );
        const joined = newcomers.files.map(({ content }) => content.member);
        const channels = founded.map(({ channel, digest }) => ({ channel, digest }));
        const fingerprint = channels.length === 0 ? undefined : channelsFingerprint(channels);
        terminal.result({ member: own.member.id, joined, channels, fingerprint }, (style) =>
          [
            `${style.green('✓')} The description is that of ${file} now${joined.length === 0 ? '' : `, with ${joined.join(', ')}`}.`,
            ...(fingerprint === undefined
              ? []
              : [
                  `The fingerprint of the new ${channels.map(({ channel }) => channel).join(', ')} is ${style.bold(fingerprint)}: compare it by telephone with all others whose nodes join, before you start yours.`,
                ]),
            'Your nodes use it from their next start on.',
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
