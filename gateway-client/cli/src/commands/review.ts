import { ApplicationError, ownReportsToReview, registeredId, reviewItem } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { execute, deliveryOptions } from './execute.js';

interface Options extends Delivery {
  readonly affected?: true;
  readonly reason?: string;
}

export function review(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'review <cause> [reports...]',
      description:
        'Confirm that your reports stand, although a calibration below them was amended, or a later one found their standard out of its limits. The argument is that amendment or later report. Say with --as which laboratory reviews. Amend the reports that do not stand.',
      example: 'review NMIN-T-2026-117-a1 --affected --as lab-alpha',
      configure: (command) =>
        deliveryOptions(
          command
            .option('--affected', 'all reports of the laboratory that it calls in question')
            .option('--reason <text>', 'why they stand, in a sentence without names of persons'),
        ),
      run(invocation, [given = '', ...named], { affected, reason, ...delivery }) {
        return execute(invocation, delivery, async (session) => {
          const author = session.actor;
          if (author === undefined) {
            throw new ApplicationError('USAGE', 'Say with --as which laboratory reviews.');
          }
          const cause = await registeredId(session, 'report', given);
          const reports = affected
            ? await ownReportsToReview(await session.reader(), author, cause)
            : await Promise.all(named.map((report) => registeredId(session, 'report', report)));
          if (reports.length === 0) {
            throw new ApplicationError(
              'USAGE',
              'Name the reports that stand, or give --affected; there may be none to review.',
            );
          }
          return {
            items: [await reviewItem(session, author, cause, reports, reason)],
            document: { cause, by: author, reports, ...(reason !== undefined && { reason }) },
            sentence: `${author} has reviewed ${reports.join(', ')}.`,
          };
        });
      },
    },
    host,
  );
}
