import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { scopeTable } from '../view/scopeTable.js';

export function scopesList(host: Host): Command {
  return commandOf(
    {
      usage: 'list <organisation>',
      description: 'What an organisation is accredited for, over which range, how well and how long.',
      example: 'scopes list lab-alpha',
      reads: true,
      async run({ terminal, ...place }, [organisation = '']) {
        const { lines } = await withSession(place, async (session) =>
          (await session.reader()).getOrganisation(organisation),
        );
        terminal.result({ organisation, lines }, (style) =>
          lines.length === 0
            ? `${organisation} is not accredited for anything.`
            : scopeTable(
                lines.map(({ scope, ...granted }) => ({ line: scope, ...granted })),
                style,
              ),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
