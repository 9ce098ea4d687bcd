import type { Assessment } from '@tracecal/core/contracts';
import { all } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { countsText } from '../view/counts.js';
import { table } from '../view/table.js';
import { periodOf, periodOptions } from './siteOptions.js';
import type { PeriodOptions } from './siteOptions.js';

export function monitoringAssessments(host: Host): Command {
  return commandOf<PeriodOptions>(
    {
      usage: 'assessments',
      description: "What a site's monitor concluded, oldest first.",
      example: 'monitoring assessments --site a --as oem-a',
      reads: true,
      configure: periodOptions,
      async run({ terminal, ...place }, _args, options) {
        const document = await withSession(place, async (session) => {
          const channel = session.siteChannel('monitoring', options.site);
          const compartment = await session.monitoring(channel);
          return { channel: channel.name, assessments: await all(compartment.getAssessments(periodOf(options))) };
        });
        const { channel, assessments } = document;
        terminal.result(document, (style) =>
          assessments.length === 0 ? `Nothing is on record in ${channel}.` : assessmentTable(assessments, style),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function assessmentTable(assessments: readonly Assessment[], style: Style): string {
  const columns = [
    { title: 'time', of: (row: Assessment) => row.recorded.time },
    { title: 'by', of: (row: Assessment) => row.by },
    { title: 'conclusion', of: (row: Assessment) => row.conclusion },
    { title: 'batches', of: (row: Assessment) => row.batches.length },
    { title: 'verdicts', of: (row: Assessment) => countsText(row.counts) },
  ];
  return table(columns, assessments, style);
}
