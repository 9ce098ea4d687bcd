import { MAX_BATCHES } from '@tracecal/core/contracts';
import type { Conclusion } from '@tracecal/core/contracts';
import { all, ApplicationError, siteOf } from '@tracecal/gateway-client/application';
import type { Channel, Session } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import * as parse from '../parse.js';
import { withSession } from '../session.js';
import { committedJson, committedLines } from '../view/committed.js';
import { counted } from '../view/counts.js';
import { periodOf, periodOptions } from './siteOptions.js';
import type { PeriodOptions } from './siteOptions.js';

interface Options extends PeriodOptions {
  readonly conclusion: Conclusion;
}

export function monitoringAssess(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'assess [batches...]',
      description:
        "Put on record, as a site's monitor, what you conclude from its verdicts: from the batches named, or from all of a period.",
      example: 'monitoring assess --site a --from 2026-03-01 --to 2026-03-31 --conclusion conforming',
      configure: (command) =>
        periodOptions(command).requiredOption(
          '--conclusion <word>',
          'conforming, nonconforming or inconclusive',
          parse.conclusion,
        ),
      async run({ terminal, ...place }, given, { conclusion, ...options }) {
        const document = await withSession(place, async (session) => {
          const channel = session.siteChannel('monitoring', options.site);
          const batches = given.length > 0 ? given : await recordedBatches(session, channel, options);
          const committed = await (await session.monitoring(channel)).recordAssessment(conclusion, batches);
          return { channel: channel.name, batches, committed };
        });
        const { channel, batches, committed } = document;
        const { id } = committed.result;
        terminal.result({ channel, id, conclusion, batches, ...committedJson(committed) }, (style) =>
          [
            `${style.green('✓')} ${conclusion}, from ${counted(batches.length, 'batch', 'batches')}, is on record in ${channel}.`,
            ...committedLines(committed, style),
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** What the site recorded in the period, as the monitor sees it. */
async function recordedBatches(session: Session, channel: Channel, options: PeriodOptions): Promise<readonly string[]> {
  const site = session.siteChannel('measurement', siteOf(channel));
  const batches = await all((await session.measurement(site, channel.writers[0])).listBatches(periodOf(options)));
  if (batches.length === 0 || batches.length > MAX_BATCHES) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${site.name} has ${counted(batches.length, 'batch', 'batches')} in this period, and an assessment covers 1 to ${MAX_BATCHES}: choose with --from and --to.`,
    );
  }
  return batches.map(({ id }) => id);
}
