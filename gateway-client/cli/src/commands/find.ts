import { DEVICE_KINDS } from '@tracecal/core/model';
import { ApplicationError, findDevices, isIndexed, ownersOf } from '@tracecal/gateway-client/application';
import type { FoundDevice, Search } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { quantity as kindOf } from '../parse.js';
import { withSession } from '../session.js';
import { table } from '../view/table.js';

const COLUMNS = (['id', 'kind', 'serial', 'model', 'manufacturer', 'owner'] as const).map((title) => ({
  title,
  of: (row: FoundDevice) => row[title],
}));
const REPORTS = { title: 'reports', of: ({ reports }: FoundDevice) => (reports ?? []).join(', ') };

const HELP = `
All options that are given must match. The ledger looks up serial numbers, owners, certificates and what was calibrated by a laboratory (accepted reports). --model, --kind and --quantity only filter these; alone, they filter the devices of --as, or of all organisations whose keys are here.`;

export function find(host: Host): Command {
  return commandOf<Search>(
    {
      usage: 'find',
      description: 'Devices by serial number, owner, certificate, laboratory, model or kind.',
      example: 'find --serial 0815',
      reads: true,
      configure: (command) =>
        command
          .option('--serial <number>', 'serial number')
          .option('--owner <organisation>', 'owner')
          .option('--certificate <number>', 'number of a certificate, or id of a report')
          .option('--laboratory <organisation>', 'who calibrated it')
          .option('--model <text>', 'part of the name of the model')
          .addOption(new Option('--kind <kind>', 'kind of device').choices(DEVICE_KINDS))
          .option('--quantity <kind>', 'kind of quantity for which it is calibrated, like temperature', kindOf)
          .addHelpText('after', HELP),
      async run({ terminal, ...place }, _args, options) {
        const search = searchOf(options);
        const devices = await withSession(place, async (session) => {
          const reader = await session.reader();
          for (const organisation of [search.owner, search.laboratory]) {
            // A misspelt organisation would always give an empty list, so check it.
            await (organisation === undefined ? undefined : reader.getOrganisation(organisation));
          }
          const owners = isIndexed(search) ? [] : await ownersOf(session, undefined);
          return findDevices(session, reader, search, owners);
        });
        const columns = devices.some(({ reports }) => reports !== undefined) ? [...COLUMNS, REPORTS] : COLUMNS;
        terminal.result(devices, (style) =>
          devices.length === 0 ? nothingFound(search) : table(columns, devices, style),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

const WORDS: Readonly<Record<keyof Search, string>> = {
  serial: 'serial number (exactly)',
  owner: 'owner',
  certificate: 'certificate',
  laboratory: 'laboratory',
  model: 'model (or a part of it)',
  kind: 'kind',
  quantity: 'quantity',
};

function nothingFound(search: Search): string {
  const told = Object.entries(search).map(([name, value]) => `${WORDS[name as keyof Search]} ${JSON.stringify(value)}`);
  return `No registered device has ${told.join(', ')}.`;
}

/** The options that select devices. */
function searchOf({ serial, owner, certificate, laboratory, model, kind, quantity }: Search): Search {
  const given = Object.entries({ serial, owner, certificate, laboratory, model, kind, quantity }).filter(
    ([, value]) => value !== undefined,
  );
  if (given.length === 0) {
    throw new ApplicationError(
      'USAGE',
      'Give one of --serial, --owner, --certificate, --laboratory, --model, --kind, --quantity.',
    );
  }
  return Object.fromEntries(given);
}
