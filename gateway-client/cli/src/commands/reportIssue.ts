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
import { issuingOf, issuingOptions, tellIssued } from './issuing.js';
import type { IssuingOptions } from './issuing.js';
import { readershipOf } from './privateOptions.js';
import { contentOptions } from './reportContent.js';
import type { ContentOptions } from './reportContent.js';

interface Options extends ContentOptions, IssuingOptions {
  readonly device: string;
}

export function reportIssue(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'issue <id>',
      description:
        "Issue a calibration report, signed by the technician and by every parent device, and accepted by its device's owner.",
      example: 'report issue report-1 --device sensor-17 --technician t-alpha --dcc certificate.xml',
      configure: (command) =>
        issuingOptions(contentOptions(command.requiredOption('--device <id>', 'the device that was calibrated'))),
      async run({ terminal, ...place }, [name = ''], options) {
        const issued = await withSession(place, async (session) => {
          requireDeliverable(session, options);
          const readership = await readershipOf(session, options);
          const technician = await session.keys.find('technician', options.technician);
          const id = ownId(registrantOf(technician), name);
          const device = await registeredId(session, 'device', options.device);
          const identity = { report: id, device, technician, supersedes: null };
          const { report, omitted, notes } = await describedReport(session, identity, options);
          const issued = await issueReport(session, report, { ...issuingOf(options), ...readership });
          return { ...issued, omitted, notes: [...notes, ...issued.notes] };
        });
        const { report, device } = issued.reference;
        const sentence = `Report ${report} of ${device} is issued.`;
        tellIssued(terminal, issued, {}, { sentence, signOnly: options.signOnly });
        return EXIT.yes;
      },
    },
    host,
  );
}
