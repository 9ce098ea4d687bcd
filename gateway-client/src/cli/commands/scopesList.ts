import type { Command } from 'commander';
import type { OrganisationAnswer } from '@tracecal/chaincode/registry';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { table } from '../view/table.js';

type Line = OrganisationAnswer['lines'][number];

const COLUMNS = [
  { title: 'quantity', of: ({ scope }: Line) => scope.quantity },
  { title: 'from', of: ({ scope }: Line) => scope.min },
  { title: 'to', of: ({ scope }: Line) => scope.max },
  { title: 'unit', of: ({ scope }: Line) => scope.unit },
  { title: 'smallest U (k = 2)', of: ({ scope: { cmc } }: Line) => uncertaintyOf(cmc) },
  { title: 'valid from', of: ({ scope }: Line) => scope.validFrom },
  { title: 'until', of: ({ scope }: Line) => scope.validTo },
  { title: 'granted by', of: ({ by }: Line) => by },
  { title: 'reference', of: ({ reference }: Line) => reference },
];

export function scopesList(host: Host): Command {
  return commandOf(
    {
      usage: 'list <organisation>',
      description: 'What an organisation is accredited for, over which range, how well and how long.',
      example: 'scopes list lab-alpha',
      async run({ terminal, ...place }, [organisation = '']) {
        const { lines } = await withSession(place, async (session) =>
          (await session.reader()).getOrganisation(organisation),
        );
        terminal.result({ organisation, lines }, (style) =>
          lines.length === 0 ? `${organisation} is not accredited for anything.` : table(COLUMNS, lines, style),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function uncertaintyOf({ absolute, relative }: Line['scope']['cmc']): string {
  return relative === 0 ? String(absolute) : `${absolute} + ${relative} x`;
}
