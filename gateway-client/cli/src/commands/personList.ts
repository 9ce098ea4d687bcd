import type { ListedPerson } from '@tracecal/core/contracts';
import type { PersonRole } from '@tracecal/core/model';
import { listingOf } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { listingText } from '../view/listingText.js';
import { standingWord } from '../view/standingText.js';
import { listedFrom, listOptions } from './listOptions.js';
import type { ListOptions } from './listOptions.js';
import { registrantOption } from './registrantOption.js';

interface Options extends ListOptions {
  readonly org?: string;
}

const COLUMNS = [
  { title: 'id', of: ({ id }: ListedPerson) => id },
  { title: 'may sign for', of: ({ quantities }: ListedPerson) => quantities.join(', ') || null },
  { title: 'standing', of: ({ impediment }: ListedPerson) => standingWord(impediment) },
];

/** `technician list` and `officer list`. */
export function personList(role: PersonRole, host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'list',
      description:
        role === 'technician'
          ? 'Technicians that are registered, and what they may sign for.'
          : "Officers that are registered, who sign in their organisation's name.",
      example: `${role} list --org lab-alpha`,
      reads: true,
      configure: (command) => listOptions(command.option('--org <organisation>', 'only of this organisation')),
      async run({ terminal, ...place }, _args, { org, ...options }) {
        const listing = await withSession(place, async (session) => {
          const reader = await session.reader();
          const people = reader.people(await registrantOption(reader, org), listedFrom(options));
          return listingOf(people, options.limit, (person) => person.role === role);
        });
        const columns = role === 'technician' ? COLUMNS : COLUMNS.filter(({ title }) => title !== 'may sign for');
        terminal.result(listing, (style) => listingText(listing, columns, `No such ${role} is registered.`, style));
        return EXIT.yes;
      },
    },
    host,
  );
}
