import { registeredId, renewDevice } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { execute, deliveryOptions } from './execute.js';

interface Options extends Delivery {
  readonly technician?: string;
  readonly newKey?: boolean;
}

export function deviceRenew(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'renew <id>',
      description:
        'Give a device a new certificate before the old one ends, for its key or a new one; its owner signs as well. What it signed before stays good.',
      example: 'device renew sensor-17 --technician t-alpha --new-key',
      configure: (command) =>
        deliveryOptions(
          command
            .option('--technician <id>', 'who certifies it (default: who did before)')
            .option('--new-key', 'make a new key, too'),
        ),
      run(invocation, [given = ''], { technician, newKey = false, ...delivery }) {
        return execute(invocation, delivery, async (session) => {
          const id = await registeredId(session, 'device', given);
          const by = technician === undefined ? undefined : await session.keys.find('technician', technician);
          const { item, done } = await renewDevice(session, id, {
            newKey,
            ...(by !== undefined && { technician: by }),
          });
          return {
            items: [item],
            document: { device: id, newKey },
            sentence: `Device ${id} has a new certificate.`,
            done,
          };
        });
      },
    },
    host,
  );
}
