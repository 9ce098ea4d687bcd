import { renewOrganisation } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { execute, deliveryOptions } from './execute.js';

export function orgRenew(host: Host): Command {
  return commandOf<Delivery>(
    {
      usage: 'renew <id>',
      description:
        'Give an organisation a new key before its certificate ends. One of its officers carries it over, and its certifier signs; what was signed before stays good.',
      example: 'org renew lab-alpha',
      configure: deliveryOptions,
      run(invocation, [organisation = ''], delivery) {
        return execute(invocation, delivery, async (session) => {
          const { item, done } = await renewOrganisation(session, organisation);
          return { items: [item], document: { organisation }, sentence: `${organisation} has a new key.`, done };
        });
      },
    },
    host,
  );
}
