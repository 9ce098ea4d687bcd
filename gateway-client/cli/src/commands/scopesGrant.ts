import { accreditationItem, accreditorOf, readScopes, SCOPES_FILE_FORMAT } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { execute, deliveryOptions } from './execute.js';

interface Options extends Delivery {
  readonly number?: string;
  readonly body?: string;
}

export function scopesGrant(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'grant <organisation> <file>',
      description:
        "Add lines to an organisation's accreditation, as its certifier or an accreditation body (--as); to an institute's as a majority of the institutes.",
      example: 'scopes grant nmi-north scopes.json',
      configure: (command) =>
        deliveryOptions(
          command
            .option('--number <number>', 'number of the accreditation (default: as the file says)')
            .option('--body <name>', 'accreditation body, as certificates name it (default: as the file says)'),
        ).addHelpText('after', `\n${SCOPES_FILE_FORMAT}`),
      async run(invocation, [organisation = '', file = ''], { number, body, ...delivery }) {
        const grant = { ...(await readScopes(file)), ...(number && { number }), ...(body && { body }) };
        const { lines } = grant;
        return execute(invocation, delivery, async (session) => {
          const author = await accreditorOf(session, organisation);
          return {
            items: [await accreditationItem(session, organisation, author, grant)],
            document: { organisation, by: author, lines: lines.length },
            sentence: `${organisation} is accredited for ${[...new Set(lines.map(({ quantity }) => quantity))].join(', ')}.`,
          };
        });
      },
    },
    host,
  );
}
