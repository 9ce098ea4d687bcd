import { DEVICE_KINDS, registrantOf } from '@tracecal/core/model';
import type { DeviceKind } from '@tracecal/core/model';
import { deviceItem, ownId } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { days } from '../parse.js';
import { execute, deliveryOptions } from './execute.js';

interface Options extends Delivery {
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
      description:
        'Imprint a device (make its key, certified by a technician) and register it; its owner signs as well.',
      example: 'device add sensor-17 --technician t-alpha --serial 0815 --model RP4 --manufacturer Example',
      configure: (command) =>
        deliveryOptions(
          command
            .requiredOption('--technician <id>', 'who imprints it; their organisation registers it')
            .requiredOption('--serial <number>', 'serial number')
            .requiredOption('--model <name>', 'model')
            .requiredOption('--manufacturer <name>', 'manufacturer')
            .addOption(
              new Option('--kind <kind>', 'whether it calibrates others').choices(DEVICE_KINDS).default('field'),
            )
            .option('--owner <organisation>', "its owner (default: the technician's organisation)")
            .option('--interval <days>', 'days until it must be calibrated again', days),
        ),
      run(invocation, [name = ''], { via, signOnly, interval, technician: given, ...device }) {
        const delivery = { ...(via !== undefined && { via }), ...(signOnly !== undefined && { signOnly }) };
        return execute(invocation, delivery, async (session) => {
          const technician = await session.keys.find('technician', given);
          const id = ownId(registrantOf(technician), name);
          const { kind, serial, model, manufacturer, owner } = device;
          const item = await deviceItem(session, {
            ...{ id, technician, kind, serial, model, manufacturer },
            ...(owner !== undefined && { owner }),
            ...(interval !== undefined && { intervalDays: interval }),
          });
          return { items: [item], document: { device: id }, sentence: `Device ${id} is registered.` };
        });
      },
    },
    host,
  );
}
