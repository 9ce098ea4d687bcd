import { acceptanceItem, isAcceptedAlready, registeredId, rejectionItem } from '@tracecal/gateway-client/application';
import type { Delivery, Session } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { confirmationIn, confirmationOptions, MOST_COUNTED, requireAskable, requireConfirmed } from './confirmation.js';
import type { Confirmation } from './confirmation.js';
import { endOf, endText, tellEnd } from './endOfReport.js';
import { execute, deliveryOptions } from './execute.js';
import type { Deed } from './execute.js';

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
  const isFinal = decision === 'reject';
  return commandOf<Delivery & Confirmation>(
    {
      usage: `${decision} <id>`,
      description,
      example: `report ${decision} ALPHA-T-2026-0412${isFinal ? ' --dry-run' : ''}`,
      configure: (command) => (isFinal ? confirmationOptions(deliveryOptions(command)) : deliveryOptions(command)),
      async run(invocation, [given = ''], { yes, dryRun, ...delivery }) {
        const { terminal, ...place } = invocation;
        const confirmation = confirmationIn({ yes, dryRun });
        if (isFinal) requireAskable(terminal, confirmation);
        if (dryRun) {
          return tellEnd(terminal, place, given);
        }
        const prepare = async (session: Session): Promise<Deed> => {
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
            : {
                items: [item],
                document: { report },
                sentence: `Report ${report} ${said}.`,
                ...(isFinal && {
                  confirm: () =>
                    requireConfirmed(
                      terminal,
                      confirmation,
                      async () =>
                        `Reject for good: report ${report}. ${endText(await endOf(session, report, MOST_COUNTED))}`,
                    ),
                }),
              };
        };
        // No time limit while a person answers.
        return execute(invocation, delivery, prepare, isFinal && !yes ? 'each' : 'all');
      },
    },
    host,
  );
}
