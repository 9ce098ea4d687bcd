import type { TraceBatch } from '@tracecal/core/contracts';
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

export function measurementBatches(host: Host): Command {
  return commandOf<PeriodOptions>(
    {
      usage: 'batches',
      description: 'What a site recorded together, transaction by transaction, oldest first.',
      example: 'measurement batches --site a --from 2026-03-01 --to 2026-03-31 --as monitor',
      reads: true,
      configure: periodOptions,
      async run({ terminal, ...place }, _args, options) {
        const document = await withSession(place, async (session) => {
          const channel = session.siteChannel('measurement', options.site);
          const compartment = await session.measurement(channel);
          return { channel: channel.name, batches: await all(compartment.listBatches(periodOf(options))) };
        });
        const { channel, batches } = document;
        terminal.result(document, (style) =>
          batches.length === 0 ? `Nothing is on record in ${channel}.` : batchTable(batches, style),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function batchTable(batches: readonly TraceBatch[], style: Style): string {
  const columns = [
    { title: 'id', of: (row: TraceBatch) => row.id },
    { title: 'by', of: (row: TraceBatch) => row.by },
    { title: 'verdicts', of: (row: TraceBatch) => countsText(row.counts) },
  ];
  return table(columns, batches, style);
}
