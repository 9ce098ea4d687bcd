import { registeredId, transferItem } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { days } from '../parse.js';
import { counted } from '../view/counts.js';
import { execute, deliveryOptions } from './execute.js';

interface Options extends Delivery {
  readonly to: string;
  readonly interval?: number;
}

export function deviceTransfer(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'transfer <id>',
      description: 'Hand a device over to another owner. Both sign; its id stays.',
      example: 'device transfer sensor-17 --to oem-b --interval 365',
      configure: (command) =>
        deliveryOptions(
          command
            .requiredOption('--to <organisation>', 'the next owner')
            .option(
              '--interval <days>',
              'days until it must be calibrated again, by their policy (default: none)',
              days,
            ),
        ),
      run(invocation, [given = ''], { to, interval = null, ...delivery }) {
        return execute(invocation, delivery, async (session) => {
          const device = await registeredId(session, 'device', given);
          return {
            items: [await transferItem(session, device, to, interval)],
            document: { device, owner: to, intervalDays: interval },
            sentence: `Device ${device} belongs to ${to}, ${interval === null ? 'with no interval of its own' : `to be calibrated every ${counted(interval, 'day')}`}.`,
          };
        });
      },
    },
    host,
  );
}
