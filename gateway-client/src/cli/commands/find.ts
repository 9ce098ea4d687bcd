import type { Command } from 'commander';
import type { DeviceSummary } from '@tracecal/chaincode/registry';
import type { DeviceSearch } from '../../client/index.js';
import { all } from '../all.js';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { table } from '../view/table.js';

interface Options {
  readonly serial?: string;
  readonly owner?: string;
}

const COLUMNS = (['id', 'kind', 'serial', 'model', 'manufacturer', 'owner'] as const).map((title) => ({
  title,
  of: (row: DeviceSummary) => row[title],
}));

export function find(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'find',
      description: 'Devices by serial number or by owner.',
      example: 'find --serial 0815',
      configure: (command) =>
        command.option('--serial <number>', 'serial number').option('--owner <organisation>', 'owner'),
      async run({ terminal, ...place }, _args, options) {
        const search = searchOf(options);
        const devices = await withSession(place, async (session) => all((await session.reader()).findDevices(search)));
        terminal.result(devices, (style) =>
          devices.length === 0 ? 'No such device is registered.' : table(COLUMNS, devices, style),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function searchOf({ serial, owner }: Options): DeviceSearch {
  if (serial !== undefined && owner === undefined) {
    return { serial };
  }
  if (owner !== undefined && serial === undefined) {
    return { owner };
  }
  throw new CliError('USAGE', 'Give either --serial or --owner.');
}
