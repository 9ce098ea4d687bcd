import { registrantOf } from '@tracecal/core/model';
import {
  describedReport,
  issueReport,
  ownId,
  registeredId,
  requireDeliverable,
} from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { confirmationIn, confirmationOptions, MOST_COUNTED, requireAskable, requireConfirmed } from './confirmation.js';
import type { Confirmation } from './confirmation.js';
import { endOf, endText, tellEnd } from './endOfReport.js';
import { issuingOf, issuingOptions, tellIssued } from './issuing.js';
import type { IssuingOptions } from './issuing.js';
import { publicOption, readershipOf } from './privateOptions.js';
import { contentOptions } from './reportContent.js';
import type { ContentOptions } from './reportContent.js';

export function reportAmend(host: Host): Command {
  return commandOf<ContentOptions & IssuingOptions & Confirmation>(
    {
      usage: 'amend <old> <new>',
      description:
        'Issue a report that replaces an older one of the same device. The old one no longer counts but stays readable.',
      example: 'report amend report-1 report-2 --technician t-alpha --dcc corrected.xml',
      configure: (command) =>
        confirmationOptions(
          issuingOptions(
            publicOption(contentOptions(command)).option(
              '--no-parents',
              'it rests on no standard, although the old report names some (without --dcc, standards have to be named again)',
            ),
          ),
        ),
      async run({ terminal, ...place }, [old = '', name = ''], { yes, dryRun, ...options }) {
        const confirmation = confirmationIn({ yes, dryRun });
        requireAskable(terminal, confirmation);
        if (dryRun) {
          return tellEnd(terminal, place, old);
        }
        const { supersedes, ...issued } = await withSession(
          place,
          async (session) => {
            requireDeliverable(session, options);
            const readership = await readershipOf(session, options);
            const technician = await session.keys.find('technician', options.technician);
            const amended = await (await session.reader()).getReport(await registeredId(session, 'report', old));
            const identity = {
              report: ownId(registrantOf(technician), name),
              device: amended.body.device,
              technician,
              supersedes: { report: amended.id, digest: amended.digest },
            };
            const { report, omitted, notes } = await describedReport(session, identity, options);
            await requireConfirmed(
              terminal,
              confirmation,
              async () =>
                `Replace for good: report ${amended.id}. ${endText(await endOf(session, amended.id, MOST_COUNTED))}`,
            );
            const issued = await issueReport(session, report, { ...issuingOf(options), ...readership });
            return { ...issued, omitted, notes: [...notes, ...issued.notes], supersedes: amended.id };
          },
          yes ? 'all' : 'each',
        );
        const sentence = `Report ${issued.reference.report} amends ${supersedes}.`;
        tellIssued(terminal, issued, { supersedes }, { sentence, signOnly: options.signOnly });
        return EXIT.yes;
      },
    },
    host,
  );
}
