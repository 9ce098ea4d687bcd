import { DEVICE_KINDS, registrantOf } from '@tracecal/core/model';
import type { DeviceKind } from '@tracecal/core/model';
import { deviceItem, ownId, pseudonymPath, takePseudonym } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { days } from '../parse.js';
import { execute, deliveryOptions } from './execute.js';
import { pseudonymOptions, pseudonymWish, withFacts } from './pseudonymOptions.js';
import type { PseudonymOptions } from './pseudonymOptions.js';

interface Options extends Delivery, PseudonymOptions {
  readonly technician: string;
  readonly kind: DeviceKind;
  readonly serial?: string;
  readonly model?: string;
  readonly manufacturer?: string;
  readonly owner?: string;
  readonly interval?: number;
}

/** Every device has them. */
const FACTS = ['serial', 'model', 'manufacturer'] as const;

export function deviceAdd(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'add [id]',
      description:
        'Imprint a device (make its key, certified by a technician) and register it; its owner signs as well.',
      example: 'device add sensor-17 --technician t-alpha --serial 0815 --model RP4 --manufacturer Example',
      configure: (command) =>
        deliveryOptions(
          pseudonymOptions(command)
            .requiredOption('--technician <id>', 'who imprints it; their organisation registers it')
            .option('--serial <number>', 'serial number')
            .option('--model <name>', 'model')
            .option('--manufacturer <name>', 'manufacturer')
            .addOption(
              new Option('--kind <kind>', 'whether it calibrates others').choices(DEVICE_KINDS).default('field'),
            )
            .option('--owner <organisation>', "its owner (default: the technician's organisation)")
            .option('--interval <days>', 'days until it must be calibrated again', days),
        ),
      async run(invocation, [name], options) {
        const { via, signOnly, interval, technician: given, kind, owner } = options;
        const { own, wish } = withFacts(FACTS, options, await pseudonymWish(options, name));
        const delivery = { ...(via !== undefined && { via }), ...(signOnly !== undefined && { signOnly }) };
        return execute(invocation, delivery, async (session) => {
          const technician = await session.keys.find('technician', given);
          const certifier = registrantOf(technician);
          const pseudonym = wish && (await takePseudonym(session, { kind: 'device', certifier }, own, wish));
          const id = pseudonym?.id ?? ownId(certifier, name ?? '');
          const item = await deviceItem(session, {
            ...{ id, technician, kind, ...own },
            ...(pseudonym && { pseudonym }),
            ...(owner !== undefined && { owner }),
            ...(interval !== undefined && { intervalDays: interval }),
          });
          const kept = pseudonym && { opening: wish.file ?? pseudonymPath(session, id) };
          return {
            items: [item],
            document: { device: id, ...kept },
            sentence: `Device ${id} is registered.${kept ? ` Keep ${kept.opening}: it alone can open the pseudonym.` : ''}`,
          };
        });
      },
    },
    host,
  );
}
