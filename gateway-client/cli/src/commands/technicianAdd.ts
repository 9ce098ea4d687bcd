import { newPersonItem, ownId } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { quantities as kinds } from '../parse.js';
import { execute, deliveryOptions } from './execute.js';

interface Options extends Delivery {
  readonly org: string;
  readonly quantities: readonly string[];
}

export function technicianAdd(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'add <id>',
      description: "Make a technician's key and certificate, and register what they may sign for.",
      example: 'technician add t-alpha --org lab-alpha --quantities temperature,mass',
      configure: (command) =>
        deliveryOptions(
          command
            .requiredOption('--org <organisation>', 'their organisation')
            .requiredOption('--quantities <list>', 'what they may sign for: temperature,mass', kinds),
        ),
      run(invocation, [name = ''], { org: organisation, quantities, ...delivery }) {
        return execute(invocation, delivery, async (session) => {
          const id = ownId(organisation, name);
          return {
            items: [await newPersonItem(session, { role: 'technician', id, organisation, quantities })],
            document: { technician: id, organisation },
            sentence: `Technician ${id} is registered.`,
          };
        });
      },
    },
    host,
  );
}
