import { bodiesIn, purgeable } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { confirmationIn, confirmationOptions, requireAskable, requireConfirmed } from './confirmation.js';
import type { Confirmation } from './confirmation.js';
import { storeOption } from './storeOption.js';
import type { StoreOption } from './storeOption.js';

export function reportPurge(host: Host): Command {
  return commandOf<Confirmation & StoreOption>(
    {
      usage: 'purge <id>',
      description:
        'Delete the confidential results of a report, their salts and what was encrypted to its readers from this data directory, as at the end of their retention; also those of attempts to issue it that came to nothing. What others were told stays with them; proofs and vouchings go on counting.',
      example: 'report purge report-1',
      configure: (command) => storeOption(confirmationOptions(command)),
      async run({ terminal, ...place }, [given = ''], { yes, dryRun, store }) {
        const confirmation = confirmationIn({ yes, dryRun });
        requireAskable(terminal, confirmation);
        const document = await withSession(place, async (session) => {
          const { report, quantities, digests } = await purgeable(session, given);
          if (!dryRun) {
            await requireConfirmed(terminal, confirmation, () =>
              Promise.resolve(
                `Delete for good: ${quantities.join(', ')} of report ${report}. Nobody here can disclose it any more.`,
              ),
            );
            for (const digest of digests) {
              await session.bodies.remove(digest);
              await bodiesIn(session, store).remove(digest);
              await session.confidential.remove(digest);
            }
          }
          return { report, quantities, purged: !dryRun };
        });
        const { report, quantities, purged } = document;
        terminal.result(document, () =>
          purged
            ? `The confidential ${quantities.join(', ')} of report ${report} is deleted here.`
            : `Would delete ${quantities.join(', ')} of report ${report}.`,
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
