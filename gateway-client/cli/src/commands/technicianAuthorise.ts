import { registrantOf } from '@tracecal/core/model';
import { reauthorise, registeredId } from '@tracecal/gateway-client/application';
import type { Delivery, Session } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { quantities as kinds } from '../parse.js';
import { execute, deliveryOptions } from './execute.js';

interface Options extends Delivery {
  readonly quantities?: readonly string[];
  readonly newKey?: boolean;
}

export function technicianAuthorise(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'authorise <id>',
      description:
        'Change what a technician may sign for from the next sealed epoch on, or give them a new key. What they signed before stays good.',
      example: 'technician authorise t-alpha --quantities temperature,mass --new-key',
      configure: (command) =>
        deliveryOptions(
          command
            .option('--quantities <list>', 'what they may sign for: temperature,mass (default: as before)', kinds)
            .option('--new-key', 'make a new key and certificate, which take the place of those that are here'),
        ),
      run(invocation, [given = ''], { quantities, newKey = false, ...delivery }) {
        return execute(invocation, delivery, async (session) => {
          const id = await technicianId(session, given);
          const before = await (await session.reader()).getTechnician(id);
          const spec = { role: 'technician', id, organisation: registrantOf(id) } as const;
          const wanted = quantities ?? before.quantities;
          const { item, done } = await reauthorise(session, { ...spec, quantities: wanted }, newKey);
          return {
            items: [item],
            document: { technician: id, quantities: wanted, newKey },
            sentence: `Technician ${id} may sign for ${wanted.join(', ') || 'nothing'}${newKey ? ', with a new key' : ''}.`,
            done,
          };
        });
      },
    },
    host,
  );
}

/** The id is looked up in the registry if the key is not here: a lost key is replaced, too. */
async function technicianId(session: Session, given: string): Promise<string> {
  const isHere = (await session.keys.ids('technician')).some((id) => id === given || id.endsWith(`/${given}`));
  return isHere ? session.keys.find('technician', given) : registeredId(session, 'person', given);
}
