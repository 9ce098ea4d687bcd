import type { Instant } from '@tracecal/core/model';
import { standingItem, subjectOf } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { effectiveFrom } from '../parse.js';
import { execute, deliveryOptions } from './execute.js';
import { kindOf } from './kinds.js';
import { subjectArguments } from './standing.js';

interface Options extends Delivery {
  readonly effective?: Instant;
}

/** Lifts a suspension, signed by the organisation that imposed it, or by one above it. */
export function reinstate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'reinstate',
      description: 'Lift a suspension.',
      example: 'reinstate device PRT-2231 --as lab-alpha',
      configure: (command) =>
        deliveryOptions(subjectArguments(command)).option(
          '--effective <date>',
          'from when it holds (default: now)',
          effectiveFrom,
        ),
      run(invocation, [word = '', given = ''], { effective = null, ...delivery }) {
        return execute(invocation, delivery, async (session) => {
          const subject = await subjectOf(session, given, [kindOf(word)]);
          const { kind, id } = subject;
          const from = effective === null ? '' : ` from ${effective}`;
          return {
            items: [await standingItem(session, 'reinstate', { subject, reason: 'unspecified', effective })],
            document: { action: 'reinstate', kind, id, effective },
            sentence: `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${id} is reinstated${from}.`,
          };
        });
      },
    },
    host,
  );
}
