import { MAX_DEVICES } from '@tracecal/core/contracts';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { counted } from '../view/counts.js';
import { viaOption } from './execute.js';

interface Options {
  readonly via?: string;
}

export function bucketFill(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'fill',
      description:
        'Give all registered devices without a place in a bucket their place. A device without one is not found by `trace --bucket`; any member of the calibration level may do this, for all.',
      example: 'bucket fill',
      reads: true,
      configure: viaOption,
      async run({ terminal, ...place }, _args, { via }) {
        const placed = await withSession(
          place,
          async (session) => {
            const relay = await session.relay(via);
            let all = 0;
            let waiting: string[] = [];
            const send = async () => {
              all += waiting.length === 0 ? 0 : (await relay.placeDevices(waiting)).result.placed;
              waiting = [];
              terminal.progress(`${counted(all, 'device')} placed`);
            };
            for await (const id of relay.unplacedDevices()) {
              waiting.push(id);
              if (waiting.length === MAX_DEVICES) await send();
            }
            await send();
            return all;
          },
          'each',
        );
        terminal.result({ placed }, () =>
          placed === 0
            ? 'Every device has its place in a bucket.'
            : `${counted(placed, 'device')} now ${placed === 1 ? 'has its place' : 'have their places'} in buckets.`,
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
