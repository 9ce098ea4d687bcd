import type { Command } from 'commander';
import { exportLog } from '@tracecal/gateway-client/application';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { counted } from '../view/counts.js';

export function logExport(host: Host): Command {
  return commandOf<object>(
    {
      usage: 'export <folder>',
      description:
        'Write the change log into a folder, as static files that are the same for everybody; what is there already is continued. With them a bundle is checked for changes since it was made.',
      example: 'log export public/log',
      reads: true,
      async run({ terminal, ...place }, [folder = '']) {
        const exported = await withSession(place, async (session) =>
          exportLog(await session.reader(), folder, (epoch, last) => {
            terminal.progress(`epoch ${epoch} of ${last}`);
          }),
        );
        const { channel, epoch, digest, written, transactions } = exported;
        terminal.result(exported, () =>
          epoch < 0
            ? `${folder} has the head of ${channel}; no epoch is sealed yet.`
            : `${folder} has the change log of ${channel} up to epoch ${epoch} (digest ${digest.slice(0, 16)}…): ${counted(written, 'new epoch')} with ${counted(transactions, 'transaction')}.`,
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
