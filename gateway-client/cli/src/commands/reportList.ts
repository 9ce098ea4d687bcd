import type { ListedReport, ReportSummary } from '@tracecal/core/contracts';
import { instantOf } from '@tracecal/core/model';
import { inForce } from '@tracecal/core/trace';
import { daysOf, listingOf, registeredId } from '@tracecal/gateway-client/application';
import type { Listing } from '@tracecal/gateway-client/application';
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
import { registrantOption } from './registrantOption.js';

interface Options extends ListOptions {
  readonly org?: string;
  readonly device?: string;
}

/** A report in a list. The owner's decision is known only if the list is about one device. */
type Row = ListedReport & Partial<Pick<ReportSummary, 'accepted' | 'current'>>;

const COLUMNS = [
  { title: 'id', of: ({ id }: Row) => id },
  { title: 'device', of: ({ device }: Row) => device },
  { title: 'performed', of: ({ performed }: Row) => daysOf(performed) },
  { title: 'kinds', of: ({ quantities }: Row) => quantities.join(', ') || null },
  { title: 'standing', of: standingOf },
];
const OWNERS_WORD = { title: "owner's word", of: ownersWord };

export function reportList(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'list',
      description: 'Reports that are registered, and how they stand.',
      example: 'report list --org lab-alpha',
      reads: true,
      configure: (command) =>
        listOptions(
          command
            .option('--org <organisation>', 'only of this laboratory')
            .addOption(new Option('--device <id>', 'only about this device').conflicts('org')),
        ),
      async run({ terminal, ...place }, _args, { org, device, ...options }) {
        const listing = await withSession(place, async (session): Promise<Listing<Row>> => {
          const reader = await session.reader();
          if (device === undefined) {
            const reports = reader.reports(await registrantOption(reader, org), listedFrom(options));
            return listingOf<Row>(reports, options.limit);
          }
          const id = await registeredId(session, 'device', device);
          const { after = '' } = options;
          return listingOf<Row>(rowsOf(id, reader.listReports(id)), options.limit, (row) => row.id > after);
        });
        const columns = device === undefined ? COLUMNS : [...COLUMNS, OWNERS_WORD];
        terminal.result(listing, (style) => listingText(listing, columns, 'No such report is registered.', style));
        return EXIT.yes;
      },
    },
    host,
  );
}

async function* rowsOf(device: string, reports: AsyncIterable<ReportSummary>): AsyncGenerator<Row, void, undefined> {
  const now = instantOf(Date.now());
  for await (const { impediments, accepted, current, ...report } of reports) {
    const { id, organisation, technician, performed, issued, quantities, supersededBy } = report;
    const impediment = inForce(impediments, now) ?? null;
    const listed = { id, organisation, device, technician, performed, issued, quantities, supersededBy, impediment };
    yield { ...listed, accepted, current };
  }
}

function standingOf({ impediment, supersededBy }: Row): string {
  return impediment === null && supersededBy !== null ? `amended by ${supersededBy}` : standingWord(impediment);
}

function ownersWord({ accepted, current }: Row): string {
  if (accepted === null || accepted === undefined) {
    return 'waits';
  }
  return accepted ? (current === true ? 'accepted, current' : 'accepted') : 'rejected';
}
