import { newPersonItem, ownId } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { execute, deliveryOptions } from './execute.js';

interface Options extends Delivery {
  readonly org: string;
}

export function officerAdd(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'add <id>',
      description: "Make a key and certificate of an officer, who signs in an organisation's name, and register them.",
      example: 'officer add deputy --org lab-alpha',
      configure: (command) => deliveryOptions(command.requiredOption('--org <organisation>', 'their organisation')),
      run(invocation, [name = ''], { org: organisation, ...delivery }) {
        return execute(invocation, delivery, async (session) => {
          const id = ownId(organisation, name);
          return {
            items: [await newPersonItem(session, { role: 'officer', id, organisation, quantities: [] })],
            document: { officer: id, organisation },
            sentence: `Officer ${id} is registered.`,
          };
        });
      },
    },
    host,
  );
}
