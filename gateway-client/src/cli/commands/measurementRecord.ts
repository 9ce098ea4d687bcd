import type { Command } from 'commander';
import { VERDICT_STATUSES } from '@tracecal/chaincode/trace';
import type { TraceEntry, VerdictCounts } from '@tracecal/chaincode/measurement';
import { MAX_DEVICES } from '@tracecal/chaincode/registry';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { countsText, totalOf } from '../counts.js';
import { deviceList } from '../deviceList.js';
import { EXIT, exitOfError } from '../exit.js';
import { describeFailure } from '../failure.js';
import { notTraceable, recordVerdicts } from '../operations/verdicts.js';
import type { Recording } from '../operations/verdicts.js';
import { upTo } from '../parse.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { committedJson, committedLine } from '../view/committed.js';
import { verdictTable } from './measurementVerdicts.js';
import { siteOption } from './siteOptions.js';
import type { SiteOptions } from './siteOptions.js';

interface Options extends SiteOptions {
  readonly list?: string;
  readonly atOnce: number;
}

interface Recorded extends Recording {
  readonly channel: string;
  readonly counts: VerdictCounts;
  readonly notTraceable: readonly TraceEntry[];
}

export function measurementRecord(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'record [devices...]',
      description:
        "Have devices traced and put the verdicts on record, as the site's operator. Exit code 0 only if all are TRACEABLE.",
      example: 'measurement record RP4-0815 TT20-10233 --site a',
      configure: (command) =>
        siteOption(command)
          .option('--list <file>', 'devices, an id a line; - reads stdin')
          .option('--at-once <count>', 'most verdicts a transaction', upTo(MAX_DEVICES), MAX_DEVICES),
      async run({ terminal, input, ...place }, given, { site, list, atOnce }) {
        const devices = await deviceList(given, list, input);
        const recorded = await withSession(place, async (session): Promise<Recorded> => {
          const channel = session.siteChannel('measurement', site);
          const compartment = await session.measurement(channel);
          const recording = await recordVerdicts(compartment, devices, atOnce, (done) => {
            terminal.progress(`Recording verdicts: ${done} of ${devices.length}`);
          });
          const others: TraceEntry[] = [];
          for (const batch of recording.batches) {
            others.push(...(await notTraceable(compartment, batch)));
          }
          return { ...recording, channel: channel.name, counts: sum(recording), notTraceable: others };
        });
        terminal.result(document(recorded), (style) => describe(recorded, style));
        return exitOf(recorded);
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

function exitOf({ failure, counts }: Recorded): number {
  if (failure !== undefined) {
    return exitOfError(failure);
  }
  return counts.TRACEABLE === totalOf(counts) ? EXIT.yes : EXIT.no;
}

function document({ channel, counts, batches, notTraceable: others, left, failure }: Recorded) {
  return {
    channel,
    counts,
    batches: batches.map(({ committed }) => {
      const { id, digest, counts: ofBatch } = committed.result;
      return { id, digest, counts: ofBatch, ...committedJson(committed) };
    }),
    notTraceable: others,
    left,
    error: failure === undefined ? null : describeFailure(failure),
  };
}

function describe({ channel, counts, batches, notTraceable: others, left, failure }: Recorded, style: Style): string {
  const lines = [
    `${style.green('✓')} Recorded in ${channel}: ${countsText(counts)}.`,
    ...batches.map(({ committed }) => committedLine(committed, style)),
  ];
  if (others.length > 0) {
    lines.push('', verdictTable(others, style));
  }
  if (failure !== undefined) {
    const { message, code } = describeFailure(failure);
    lines.push(
      '',
      `${style.red('✗')} Not recorded: ${left.length} devices, from ${left[0] ?? ''} on. ${message} [${code}]`,
    );
  }
  return lines.join('\n');
}
