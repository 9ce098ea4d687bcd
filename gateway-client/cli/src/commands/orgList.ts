import type { ListedOrganisation } from '@tracecal/core/contracts';
import { ORGANISATION_KINDS } from '@tracecal/core/model';
import type { OrganisationKind } from '@tracecal/core/model';
import { listingOf } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { listingText } from '../view/listingText.js';
import { standingWord } from '../view/standingText.js';
import { listedFrom, listOptions } from './listOptions.js';
import type { ListOptions } from './listOptions.js';

interface Options extends ListOptions {
  readonly kind?: OrganisationKind;
  readonly certifiedBy?: string;
}

const COLUMNS = [
  { title: 'id', of: ({ id }: ListedOrganisation) => id },
  { title: 'kind', of: ({ kind }: ListedOrganisation) => kind },
  { title: 'name', of: ({ name }: ListedOrganisation) => name },
  { title: 'country', of: ({ country }: ListedOrganisation) => country },
  { title: 'certified by', of: ({ certifier }: ListedOrganisation) => certifier },
  { title: 'standing', of: ({ impediment }: ListedOrganisation) => standingWord(impediment) },
];

export function orgList(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'list',
      description: 'Organisations that are registered, and how they stand.',
      example: 'org list --kind LAB',
      reads: true,
      configure: (command) =>
        listOptions(
          command
            .addOption(new Option('--kind <kind>', 'only of this kind').choices(ORGANISATION_KINDS))
            .option('--certified-by <organisation>', 'only those that it certifies'),
        ),
      async run({ terminal, ...place }, _args, { kind, certifiedBy, ...options }) {
        const fits = (each: ListedOrganisation) =>
          (kind === undefined || each.kind === kind) && (certifiedBy === undefined || each.certifier === certifiedBy);
        const listing = await withSession(place, async (session) =>
          listingOf((await session.reader()).organisations(listedFrom(options)), options.limit, fits),
        );
        terminal.result(listing, (style) =>
          listingText(listing, COLUMNS, 'No such organisation is registered.', style),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
