import { intervalItem, registeredId } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { daysOrNone } from '../parse.js';
import { counted } from '../view/counts.js';
import { execute, deliveryOptions } from './execute.js';

export function deviceSetInterval(host: Host): Command {
  return commandOf<Delivery>(
    {
      usage: 'set-interval <id>',
      description:
        'Set the days until one device must be calibrated again. This overrides what the owner requires of all devices (`requirements set`); `none` ends the override.',
      example: 'device set-interval sensor-17 365',
      configure: (command) => deliveryOptions(command.argument('<days>', 'a number of days, or none', daysOrNone)),
      run(invocation, [given = '', text = ''], delivery) {
        return execute(invocation, delivery, async (session) => {
          const intervalDays = daysOrNone(text);
          const device = await registeredId(session, 'device', given);
          const due =
            intervalDays === null
              ? 'has no interval of its own: what its owner requires of all devices counts'
              : `is due again after ${counted(intervalDays, 'day')}`;
          return {
            items: [await intervalItem(session, device, intervalDays)],
            document: { device, intervalDays },
            sentence: `Device ${device} ${due}.`,
          };
        });
      },
    },
    host,
  );
}
