import { fetchBodies, registeredId } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { storeOption } from './storeOption.js';
import type { StoreOption } from './storeOption.js';

interface Options extends StoreOption {
  readonly from: string;
}

export function reportFetch(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'fetch <id>',
      description:
        'Take over what an issuer has encrypted to a reader whose key is here, out of a folder or from a web site. Only what opens and leads to what the report signs is kept. A site learns which report is asked for, and from which address.',
      example: 'report fetch lab-alpha/report-1 --from https://lab-alpha.example/bodies/',
      reads: true,
      configure: (command) =>
        storeOption(command).requiredOption('--from <place>', "the issuer's folder, or its https address"),
      async run({ terminal, ...place }, [given = ''], { from, store }) {
        const { timeoutMs } = place;
        const document = await withSession(place, async (session) =>
          fetchBodies(session, await registeredId(session, 'report', given), {
            ...{ from, timeoutMs },
            ...(store !== undefined && { store }),
          }),
        );
        terminal.result(document, (style) =>
          [
            `${style.green('✓')} What report ${document.report} tells its reader is here: ${document.files.join(', ')}.`,
            `Show it with ${style.hint(`report read ${document.report}`)}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
