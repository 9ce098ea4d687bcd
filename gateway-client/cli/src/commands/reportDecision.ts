import { acceptanceItem, isAcceptedAlready, registeredId, rejectionItem } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { execute, deliveryOptions } from './execute.js';

const DECISIONS = {
  accept: {
    description: "Rely on a report, as its device's owner: a trace looks only at accepted reports.",
    sign: acceptanceItem,
    said: 'counts for its device',
  },
  reject: {
    description: "Reject a report, as its device's owner, also one that you accepted. This cannot be undone.",
    sign: rejectionItem,
    said: 'does not count for its device',
  },
} as const;

/** `report accept` and `report reject`: the word of the device's owner. */
export function reportDecision(decision: keyof typeof DECISIONS, host: Host): Command {
  const { description, sign, said } = DECISIONS[decision];
  return commandOf<Delivery>(
    {
      usage: `${decision} <id>`,
      description,
      example: `report ${decision} ALPHA-T-2026-0412`,
      configure: deliveryOptions,
      run(invocation, [given = ''], delivery) {
        return execute(invocation, delivery, async (session) => {
          const report = await registeredId(session, 'report', given);
          const item = await sign(session, report);
          const isThere =
            decision === 'accept' && delivery.signOnly === undefined && (await isAcceptedAlready(session, report));
          return isThere
            ? {
                items: [],
                document: { report },
                sentence: `Report ${report} is accepted already: nothing was written.`,
              }
            : { items: [item], document: { report }, sentence: `Report ${report} ${said}.` };
        });
      },
    },
    host,
  );
}
