import { MAX_MEASUREMENTS } from '@tracecal/core/contracts';
import { anchorLog } from '@tracecal/gateway-client/application';
import type { AnchoredBatch } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { upTo } from '../parse.js';
import { withSession } from '../session.js';
import { counted } from '../view/counts.js';
import { siteOption } from './siteOptions.js';
import type { SiteOptions } from './siteOptions.js';

interface Options extends SiteOptions {
  readonly atOnce: number;
}

const HELP = `
Only the Merkle root and the number of measurements are written: the ledger learns no value. Which batch a value is in is remembered in the folder, for \`measurement prove\`. After an interruption of any kind, run it again: it asks first what became of a transaction that it had sent, and goes on from there.`;

export function measurementAnchor(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'anchor <folder>',
      description:
        "Put what is not anchored yet of a device's log under Merkle roots, and write these on the site's channel, as its operator.",
      example: 'measurement anchor measurements --site a',
      configure: (command) =>
        siteOption(command)
          .option('--at-once <count>', 'most measurements under one root', upTo(MAX_MEASUREMENTS), MAX_MEASUREMENTS)
          .addHelpText('after', HELP),
      async run({ terminal, ...place }, [folder = ''], { site, atOnce }) {
        const { channel, batches } = await withSession(place, async (session) => {
          const found = session.siteChannel('measurement', site);
          const compartment = await session.measurement(found);
          terminal.progress(`Anchoring ${folder} in ${found.name}`);
          const done = await anchorLog(compartment, folder, { atOnce });
          return { channel: found.name, batches: done };
        });
        terminal.result({ channel, folder, batches }, (style) =>
          batches.length === 0
            ? `All measurements in ${folder} are anchored already.`
            : batches.map((batch) => `${style.green('✓')} ${batchText(batch)}`).join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function batchText({ channel, root, size, first, last, block }: AnchoredBatch): string {
  return `${counted(size, 'measurement')}, numbers ${first} to ${last}, anchored in block ${block ?? '?'} of ${channel}: root ${root}.`;
}
