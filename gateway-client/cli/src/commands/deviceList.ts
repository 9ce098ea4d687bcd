import type { ListedDevice } from '@tracecal/core/contracts';
import { DEVICE_KINDS } from '@tracecal/core/model';
import type { DeviceKind } from '@tracecal/core/model';
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
import { registrantOption } from './registrantOption.js';

interface Options extends ListOptions {
  readonly owner?: string;
  readonly org?: string;
  readonly kind?: DeviceKind;
}

const COLUMNS = [
  { title: 'id', of: ({ id }: ListedDevice) => id },
  { title: 'kind', of: ({ kind }: ListedDevice) => kind },
  { title: 'serial', of: ({ serial }: ListedDevice) => serial },
  { title: 'model', of: ({ model }: ListedDevice) => model },
  { title: 'owner', of: ({ owner }: ListedDevice) => owner },
  { title: 'standing', of: ({ impediment }: ListedDevice) => standingWord(impediment) },
];

export function deviceList(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'list',
      description: 'Devices that are registered, and how they stand. `find` looks for certain ones.',
      example: 'device list --owner oem-a --kind field',
      reads: true,
      configure: (command) =>
        listOptions(
          command
            .option('--owner <organisation>', 'only of this owner')
            .addOption(new Option('--org <organisation>', 'only those that it has registered').conflicts('owner'))
            .addOption(new Option('--kind <kind>', 'only of this kind').choices(DEVICE_KINDS)),
        ),
      async run({ terminal, ...place }, _args, { owner, org, kind, ...options }) {
        const listing = await withSession(place, async (session) => {
          const reader = await session.reader();
          const registrant = await registrantOption(reader, org ?? owner);
          const devices = reader.devices(owner === undefined ? registrant : { owner }, listedFrom(options));
          return listingOf(devices, options.limit, (device) => kind === undefined || device.kind === kind);
        });
        terminal.result(listing, (style) => listingText(listing, COLUMNS, 'No such device is registered.', style));
        return EXIT.yes;
      },
    },
    host,
  );
}
