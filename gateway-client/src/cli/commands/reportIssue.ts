import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { issueReport } from '../operations/reports.js';
import { withSession } from '../session.js';
import { committedJson, committedLine } from '../view/committed.js';
import { omittedLines } from '../view/omitted.js';
import { contentOptions, describedReport } from './reportContent.js';
import type { ContentOptions } from './reportContent.js';

interface Options extends ContentOptions {
  readonly device: string;
}

export function reportIssue(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'issue <id>',
      description: 'Issue a calibration report, signed by the technician and by every parent device.',
      example: 'report issue report-1 --device sensor-17 --technician t-alpha --dcc certificate.xml',
      configure: (command) => contentOptions(command.requiredOption('--device <id>', 'the device that was calibrated')),
      async run({ terminal, ...place }, [id = ''], { device, ...content }) {
        const { committed, reference, omitted } = await withSession(place, async (session) => {
          const described = await describedReport(session, { report: id, device, supersedes: null }, content);
          return { ...(await issueReport(session, described.payload)), omitted: described.omitted };
        });
        terminal.result({ ...reference, omitted, ...committedJson(committed) }, (style) =>
          [
            `${style.green('✓')} Report ${id} of ${device} is issued.`,
            ...omittedLines(omitted, style),
            committedLine(committed, style),
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
