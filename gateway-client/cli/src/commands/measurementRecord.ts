import { MAX_DEVICES } from '@tracecal/core/contracts';
import type { VerdictCounts } from '@tracecal/core/contracts';
import { VERDICT_STATUSES } from '@tracecal/core/trace';
import {
  ApplicationError,
  describeFailure,
  devicesToTrace,
  readBack,
  recordVerdicts,
} from '@tracecal/gateway-client/application';
import type { ReadBack, Recording } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { deviceList } from '../deviceList.js';
import { EXIT, exitOfError, exitOfWorst } from '../exit.js';
import { spellHints } from '../hint.js';
import { span, upTo } from '../parse.js';
import { repeated, roundText } from '../repeated.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { committedJson, committedLines } from '../view/committed.js';
import { counted, countsText } from '../view/counts.js';
import { verdictTable } from './measurementVerdicts.js';
import { siteOption } from './siteOptions.js';
import type { SiteOptions } from './siteOptions.js';

interface Options extends SiteOptions {
  readonly list?: string;
  readonly atOnce: number;
  readonly every?: number;
  readonly times?: number;
}

interface Recorded extends Recording, ReadBack {
  readonly channel: string;
  readonly counts: VerdictCounts;
}

const MOST_ROUNDS = 1_000_000;

export function measurementRecord(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'record [devices...]',
      description:
        "Have devices traced and put the verdicts on record, as the site's operator. The exit code is that of the worst verdict: 0 only if all are TRACEABLE; with --every it is 0 when it is told to stop.",
      example: 'measurement record RP4-0815 TT20-10233 --site a',
      configure: (command) =>
        siteOption(command)
          .option('--list <file>', 'devices, an id a line; - reads stdin')
          .option('--at-once <count>', 'most verdicts a transaction', upTo(MAX_DEVICES), MAX_DEVICES)
          .option(
            '--every <span>',
            'go on until Ctrl-C, once a span like 1h; a failed round is told, and the next comes',
            span,
          )
          .option('--times <count>', 'with --every: end after so many rounds', upTo(MOST_ROUNDS)),
      async run({ terminal, ...place }, given, { site, list, atOnce, every, times }) {
        if (times !== undefined && every === undefined) {
          throw new ApplicationError('USAGE', '--times is for --every.');
        }
        const named = await deviceList(given, list);
        const round = async (count?: number): Promise<number> => {
          const recorded = await withSession(place, async (session): Promise<Recorded> => {
            const channel = session.siteChannel('measurement', site);
            const compartment = await session.measurement(channel);
            const devices = await devicesToTrace(session, named);
            const recording = await recordVerdicts(compartment, devices, atOnce, (done) => {
              terminal.progress(`Recording verdicts: ${done} of ${devices.length}`);
            });
            const read = await readBack(compartment, recording.batches);
            return { ...recording, ...read, channel: channel.name, counts: sum(recording) };
          });
          const when = count === undefined ? '' : `${roundText(count)}\n`;
          terminal.result(document(recorded), (style) => `${when}${describe(recorded, style)}`);
          return exitOf(recorded);
        };
        if (every === undefined) {
          return round();
        }
        await repeated(
          { terminal, everySeconds: every, from: 'beginning', ...(times !== undefined && { times }) },
          async (count) => {
            await round(count);
          },
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function sum({ batches }: Recording): VerdictCounts {
  const counts = { TRACEABLE: 0, ATTESTED: 0, INCOMPLETE: 0, FAILED: 0 };
  for (const { committed } of batches) {
    for (const status of VERDICT_STATUSES) {
      counts[status] += committed.result.counts[status];
    }
  }
  return counts;
}

function exitOf({ failure, unread, counts }: Recorded): number {
  const error = failure ?? unread;
  if (error !== undefined) {
    return exitOfError(error);
  }
  return exitOfWorst(counts);
}

function document({ channel, counts, batches, notTraceable, left, failure, unread }: Recorded) {
  const error = failure ?? unread;
  return {
    channel,
    counts,
    batches: batches.map(({ committed }) => {
      const { id, digest, counts: ofBatch } = committed.result;
      return { id, digest, counts: ofBatch, ...committedJson(committed) };
    }),
    notTraceable,
    left,
    error: error === undefined ? null : describeFailure(error),
  };
}

function describe({ channel, counts, batches, notTraceable, left, failure, unread }: Recorded, style: Style): string {
  const lines = [
    `${style.green('✓')} Recorded in ${channel}: ${countsText(counts)}.`,
    ...batches.flatMap(({ committed }) => committedLines(committed, style)),
  ];
  const fail = (what: string, error: unknown): void => {
    const { message, code } = describeFailure(error);
    lines.push('', `${style.red('✗')} ${what} ${spellHints(message, style.hint)} [${code}]`);
  };
  if (notTraceable === null) {
    fail(
      `Which are not TRACEABLE could not be read back: ask with ${style.hint('measurement verdicts DEVICE')}.`,
      unread,
    );
  } else if (notTraceable.length > 0) {
    lines.push('', verdictTable(notTraceable, style));
  }
  if (failure !== undefined) {
    fail(`Not recorded: ${counted(left.length, 'device')}, from ${left[0] ?? ''} on.`, failure);
  }
  return lines.join('\n');
}
