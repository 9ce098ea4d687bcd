import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { accreditationItem } from '../operations/accreditations.js';
import { accreditorOf } from '../operations/accreditor.js';
import type { Delivery } from '../operations/deliver.js';
import { carryOut, deliveryOptions } from './carryOut.js';
import { readScopes, SCOPES_FORMAT } from './scopesFile.js';

interface Options extends Delivery {
  readonly reference?: string;
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
          command.option('--reference <number>', 'number of the accreditation or of the KCDB entry'),
        ).addHelpText('after', `\nThe file holds ${SCOPES_FORMAT}.`),
      async run(invocation, [organisation = '', file = ''], { reference, ...delivery }) {
        const lines = await readScopes(file);
        return carryOut(invocation, delivery, async (session) => {
          const author = await accreditorOf(session, organisation);
          const grant = { lines, ...(reference !== undefined && { reference }) };
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
