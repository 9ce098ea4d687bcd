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

export function reportAmend(host: Host): Command {
  return commandOf<ContentOptions>(
    {
      usage: 'amend <old> <new>',
      description: 'Issue a report in the place of an older one of the same device. The old one stays readable.',
      example: 'report amend report-1 report-2 --technician t-alpha --dcc corrected.xml',
      configure: contentOptions,
      async run({ terminal, ...place }, [old = '', id = ''], content) {
        const { committed, reference, omitted } = await withSession(place, async (session) => {
          const amended = await (await session.reader()).getReport(old);
          const supersedes = { report: old, digest: amended.report.digest };
          const described = await describedReport(session, { report: id, device: amended.device, supersedes }, content);
          return { ...(await issueReport(session, described.payload)), omitted: described.omitted };
        });
        terminal.result({ ...reference, supersedes: old, omitted, ...committedJson(committed) }, (style) =>
          [
            `${style.green('✓')} Report ${id} amends ${old}.`,
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
