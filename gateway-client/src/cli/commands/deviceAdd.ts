import type { Command } from 'commander';
import { Option } from 'commander';
import { DEVICE_KINDS } from '@tracecal/chaincode/model';
import type { DeviceKind } from '@tracecal/chaincode/model';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { addDevice } from '../operations/devices.js';
import { days } from '../parse.js';
import { withSession } from '../session.js';
import { committedJson, committedLine } from '../view/committed.js';

interface Options {
  readonly technician: string;
  readonly kind: DeviceKind;
  readonly serial: string;
  readonly model: string;
  readonly manufacturer: string;
  readonly owner?: string;
  readonly interval?: number;
}

export function deviceAdd(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'add <id>',
      description: 'Imprint a device (make its key, certified by a technician) and register it.',
      example: 'device add sensor-17 --technician t-alpha --serial 0815 --model RP4 --manufacturer Example',
      configure: (command) =>
        command
          .requiredOption('--technician <id>', 'who imprints it')
          .requiredOption('--serial <number>', 'serial number')
          .requiredOption('--model <name>', 'model')
          .requiredOption('--manufacturer <name>', 'manufacturer')
          .addOption(new Option('--kind <kind>', 'whether it calibrates others').choices(DEVICE_KINDS).default('field'))
          .option('--owner <organisation>', "its owner (default: the technician's organisation)")
          .option('--interval <days>', 'days until it must be calibrated again', days),
      async run({ terminal, ...place }, [id = ''], { interval, ...device }) {
        const committed = await withSession(place, (session) =>
          addDevice(session, { ...specOf(id, device), ...(interval !== undefined && { intervalDays: interval }) }),
        );
        terminal.result({ device: id, ...committedJson(committed) }, (style) =>
          [`${style.green('✓')} ${id} is registered.`, committedLine(committed, style)].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function specOf(id: string, { technician, kind, serial, model, manufacturer, owner }: Omit<Options, 'interval'>) {
  return { id, technician, kind, serial, model, manufacturer, ...(owner !== undefined && { owner }) };
}
