import { ApplicationError, consentItem, registeredId } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { lastDay, list, quantities as kinds } from '../parse.js';
import { execute, deliveryOptions } from './execute.js';

interface Options extends Delivery {
  readonly devices?: readonly string[];
  readonly quantities?: readonly string[];
  readonly until: string;
}

export function consentGive(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'give <laboratory>',
      description:
        'Accept in advance the reports of a laboratory about your devices, if they are traceable by themselves. Say with --as who consents. A new consent for the same laboratory replaces the previous one: to end a consent, give it again until today.',
      example: 'consent give lab-alpha --as oem-a --quantities temperature --until 2027-12-31',
      configure: (command) =>
        deliveryOptions(
          command
            .option('--devices <list>', 'which devices (default: all that you own)', list)
            .option('--quantities <list>', 'which kinds of quantity (default: all)', kinds)
            .requiredOption('--until <date>', 'the last day; today ends an earlier consent', lastDay),
        ),
      run(invocation, [laboratory = ''], { devices: given, quantities, until, ...delivery }) {
        const { as: owner } = invocation;
        if (owner === undefined) {
          throw new ApplicationError('USAGE', 'Say with --as which owner consents.');
        }
        return execute(invocation, delivery, async (session) => {
          const devices = given && (await Promise.all(given.map((id) => registeredId(session, 'device', id))));
          const spec = { owner, laboratory, until, ...(devices && { devices }), ...(quantities && { quantities }) };
          return {
            items: [await consentItem(session, spec)],
            document: spec,
            sentence: `${owner} relies on what ${laboratory} reports until ${until}.`,
          };
        });
      },
    },
    host,
  );
}
