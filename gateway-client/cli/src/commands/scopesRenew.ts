import { accreditorOf, renewalItems } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { lastDay, quantity as kind } from '../parse.js';
import { counted } from '../view/counts.js';
import { execute, deliveryOptions } from './execute.js';

interface Options extends Delivery {
  readonly quantity?: string;
  readonly until: string;
}

export function scopesRenew(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'renew <organisation>',
      description:
        'Grant the newest lines of an accreditation again, from the day after they end (from today, if they have ended). Reduced lines are not renewed.',
      example: 'scopes renew lab-alpha --until 2030-12-31',
      configure: (command) =>
        deliveryOptions(
          command
            .option('--quantity <word>', 'only the lines for this kind of quantity', kind)
            .requiredOption('--until <date>', 'the new last day', lastDay),
        ),
      run(invocation, [organisation = ''], { quantity, until, ...delivery }) {
        return execute(invocation, delivery, async (session) => {
          const author = await accreditorOf(session, organisation);
          const { items, lines } = await renewalItems(session, organisation, author, { quantity, until });
          return {
            items,
            document: { organisation, by: author, until, lines },
            sentence: `${organisation} is accredited until ${until} (${counted(lines, 'line')}).`,
          };
        });
      },
    },
    host,
  );
}
