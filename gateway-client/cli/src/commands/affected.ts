import type { AffectedDevice } from '@tracecal/core/contracts';
import type { Subject } from '@tracecal/core/model';
import {
  affectedReports,
  ApplicationError,
  all,
  daysOf,
  reportsToReview,
  subjectOf,
} from '@tracecal/gateway-client/application';
import type { AffectedReport, Span, ToReview } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { collect, date } from '../parse.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { counted } from '../view/counts.js';
import { table } from '../view/table.js';
import { kindOption, kindsOf } from './kinds.js';
import type { KindWord } from './kinds.js';

interface Found extends LeftOut {
  readonly subject: Subject;
  readonly devices: readonly AffectedDevice[];
  /** Reports that their laboratories must review, because this report amended another one or found a standard out of its limits. */
  readonly toReview: readonly ToReview[];
}

/** Organisations whose devices and reports are not listed; absent: none. */
interface LeftOut {
  readonly except?: readonly string[];
}

interface Options extends Span, LeftOut {
  readonly kind?: KindWord;
  readonly reports?: true;
}

/** The `affected --reports --json` document. */
interface FoundReports extends LeftOut {
  readonly subject: Subject;
  readonly reports: readonly AffectedReport[];
}

export function affected(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'affected <id>',
      description: 'Every device whose calibration rests on this report, device, person or organisation.',
      example: 'affected PRT-2231',
      reads: true,
      configure: (command) =>
        command
          .addOption(kindOption())
          .option('--except <organisation>', 'leave out what this organisation registered; may be repeated', collect)
          .option('--reports', 'list the reports instead of the devices: when the work was done, and who signed')
          .option('--from <date>', 'only reports of work that ended on this day or later (with --reports)', date)
          .option('--to <date>', 'only reports of work that ended on this day or earlier (with --reports)', date),
      async run({ terminal, ...place }, [id = ''], { kind, reports, except, ...span }) {
        if (!reports && (span.from !== undefined || span.to !== undefined)) {
          throw new ApplicationError('USAGE', 'A span of days is about reports: add --reports to --from and --to.');
        }
        if (span.from !== undefined && span.to !== undefined && span.from > span.to) {
          throw new ApplicationError(
            'USAGE',
            `No day is from ${span.from} to ${span.to}: write the earlier day as --from.`,
          );
        }
        const document = await withSession(place, async (session): Promise<Found | FoundReports> => {
          const subject = await subjectOf(session, id, kindsOf(kind));
          const leftOut = { ...(except && { except }) };
          const reader = await session.reader();
          const devices = await all(reader.affectedDevices(subject, leftOut));
          if (reports) {
            return { subject, ...leftOut, reports: await affectedReports(reader, devices, span) };
          }
          const toReview = subject.kind === 'report' ? await reportsToReview(reader, subject.id) : [];
          return { subject, ...leftOut, devices, toReview };
        });
        terminal.result(document, (style) =>
          'reports' in document ? describeReports(document, style) : describe(document, style),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function describe({ toReview, ...found }: Found, style: Style): string {
  const lines = toReview.map(({ report, by, reason }) => `  ${report} by ${by}\n    ${style.dim(reason)}`);
  return toReview.length === 0
    ? describeDevices(found, style)
    : `${describeDevices(found, style)}\n\nTo be reviewed by their laboratories (${style.hint(`review ${found.subject.id} --affected`)}):\n${lines.join('\n')}`;
}

function describeDevices({ subject, devices, except }: Omit<Found, 'toReview'>, style: Style): string {
  const { kind, id } = subject;
  if (devices.length === 0) {
    return `No device depends on ${kind} ${id}${without(except)}.`;
  }
  const count = counted(devices.length, 'device depends', 'devices depend');
  return `${affectedTable(devices, style)}\n\n${style.dim(`${count} on ${kind} ${id}${without(except)}.`)}`;
}

function without(except: readonly string[] = []): string {
  return except.length === 0 ? '' : `, without what ${except.join(', ')} registered`;
}

const REPORT_COLUMNS = [
  { title: 'report', of: ({ id }: AffectedReport) => id },
  { title: 'device', of: ({ device }: AffectedReport) => device },
  { title: 'owner', of: ({ owner }: AffectedReport) => owner },
  { title: 'performed', of: ({ performed }: AffectedReport) => daysOf(performed) },
  { title: 'signed by', of: ({ technician }: AffectedReport) => technician },
  { title: 'amended by', of: ({ supersededBy }: AffectedReport) => supersededBy },
];

function describeReports({ subject: { kind, id }, reports, except }: FoundReports, style: Style): string {
  if (reports.length === 0) {
    return `No report in these days depends on ${kind} ${id}${without(except)}.`;
  }
  const count = counted(reports.length, 'report depends', 'reports depend');
  return `${table(REPORT_COLUMNS, reports, style)}\n\n${style.dim(`${count} on ${kind} ${id}${without(except)}.`)}`;
}

/** Devices with the reports by which they are affected. */
export function affectedTable(devices: readonly AffectedDevice[], style: Style): string {
  const columns = [
    { title: 'device', of: (row: AffectedDevice) => row.device },
    { title: 'kind', of: (row: AffectedDevice) => row.kind },
    { title: 'owner', of: (row: AffectedDevice) => row.owner },
    { title: 'serial', of: (row: AffectedDevice) => row.serial },
    { title: 'by its reports', of: (row: AffectedDevice) => row.reports.join(', ') },
    { title: 'current', of: (row: AffectedDevice) => (row.current ? 'yes' : 'no') },
  ];
  return table(columns, devices, style);
}
