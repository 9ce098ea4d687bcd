import type { TraceEntry } from '@tracecal/core/contracts';
import { all, deviceToTrace } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT, exitOfStatus } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { table } from '../view/table.js';
import { periodOf, periodOptions } from './siteOptions.js';
import type { PeriodOptions } from './siteOptions.js';

export function measurementVerdicts(host: Host): Command {
  return commandOf<PeriodOptions>(
    {
      usage: 'verdicts <device>',
      description:
        'The verdicts about a device that a site has on record, oldest first. The exit code is that of the newest: 0 only if it is TRACEABLE, 6 if the site has recorded no verdict.',
      example: 'measurement verdicts RP4-0815 --site a --from 2026-03-01 --as monitor',
      reads: true,
      configure: periodOptions,
      async run({ terminal, ...place }, [given = ''], options) {
        const document = await withSession(place, async (session) => {
          const channel = session.siteChannel('measurement', options.site);
          const compartment = await session.measurement(channel);
          const device = await deviceToTrace(session, given);
          const verdicts = await all(compartment.getTraces(device, periodOf(options)));
          return { channel: channel.name, device, verdicts };
        });
        const { channel, device, verdicts } = document;
        terminal.result(document, (style) =>
          verdicts.length === 0
            ? `No verdict about ${device} is on record in ${channel}.`
            : verdictTable(verdicts, style),
        );
        const newest = verdicts.at(-1);
        return newest === undefined ? EXIT.nothing : exitOfStatus(newest.status);
      },
    },
    host,
  );
}

/** Recorded verdicts, and what they rest on. */
export function verdictTable(verdicts: readonly TraceEntry[], style: Style): string {
  const columns = [
    { title: 'as of', of: (row: TraceEntry) => row.asOf },
    { title: 'device', of: (row: TraceEntry) => row.device },
    { title: 'verdict', of: (row: TraceEntry) => row.status },
    { title: 'because of', of: (row: TraceEntry) => row.check },
    { title: 'as its owner requires', of: (row: TraceEntry) => (row.fulfilled ? 'yes' : 'no') },
    { title: 'report', of: (row: TraceEntry) => row.report },
    { title: 'reports in all', of: (row: TraceEntry) => row.digests.length },
  ];
  return table(columns, verdicts, style);
}
