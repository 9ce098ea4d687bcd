import { readTrustFile, withConfigurations, writeTrustFile } from '@tracecal/gateway-client';
import { readBytes, trustMovedForward } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { describeTrust, trustOption, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions {
  readonly blocks?: readonly string[];
}

export function trustUpdate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'update',
      description:
        'Move the channel of a trust file forward along its signed configurations, and its endorsers with it: with the CAs that they have now, without those that have left. Each configuration is verified from the one before; nothing moves backward.',
      example: 'trust update --trust trust.json',
      reads: true,
      configure: (command) =>
        trustOption(command).option(
          '--blocks <file...>',
          'configuration blocks in order, as `peer channel fetch` writes them (default: asks the network)',
        ),
      async run({ terminal, ...place }, _args, options) {
        const file = trustPath(options, place.data);
        const before = await readTrustFile(file);
        const { blocks } = options;
        const trust = blocks
          ? withConfigurations(before, await Promise.all(blocks.map((each) => readBytes(each))))
          : await withSession(place, async (session) => trustMovedForward(await session.reader(), before));
        await writeTrustFile(file, trust);
        const [from, to] = [before, trust].map(({ channel }) => channel?.sequence);
        terminal.result({ file, from, to, ...trust }, (style) =>
          [
            from === to
              ? `The channel stays at configuration ${to}: there is none after it.`
              : `${style.green('✓')} The channel moved from configuration ${from} to ${to}.`,
            '',
            describeTrust(trust, style),
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
