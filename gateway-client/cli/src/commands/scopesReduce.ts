import { accreditorOf, reductionItems } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { lastDay, quantity as kind } from '../parse.js';
import { carryOut, deliveryOptions } from './carryOut.js';

interface Options extends Delivery {
  readonly quantity: string;
  readonly until: string;
  readonly grantedBy?: string;
}

export function scopesReduce(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'reduce <organisation>',
      description: 'End an accreditation for a quantity before its time. What was calibrated until then stays covered.',
      example: 'scopes reduce lab-alpha --quantity temperature --until 2026-03-31',
      configure: (command) =>
        deliveryOptions(
          command
            .requiredOption('--quantity <word>', 'what it is no longer accredited for', kind)
            .requiredOption('--until <date>', 'the last day; today at the earliest', lastDay)
            .option(
              '--granted-by <organisation>',
              'whose lines; by default those of the organisation that reduces them',
            ),
        ),
      run(invocation, [organisation = ''], { quantity, until, grantedBy: grantor, ...delivery }) {
        return carryOut(invocation, delivery, async (session) => {
          const author = await accreditorOf(session, organisation);
          const what = { quantity, until, ...(grantor !== undefined && { grantor }) };
          const { items, lines } = await reductionItems(session, organisation, author, what);
          return {
            items,
            document: { organisation, quantity, until, lines },
            sentence: `${organisation} is accredited for ${quantity} until ${until} (${lines} ${lines === 1 ? 'line' : 'lines'}).`,
          };
        });
      },
    },
    host,
  );
}
