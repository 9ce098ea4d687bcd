import type { AffectedDevice } from '@tracecal/core/contracts';
import type { Subject } from '@tracecal/core/model';
import { all, reportsToReview, subjectOf } from '@tracecal/gateway-client/application';
import type { ToReview } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { counted } from '../view/counts.js';
import { table } from '../view/table.js';
import { kindOption, kindsOf } from './kinds.js';
import type { KindWord } from './kinds.js';

interface Found {
  readonly subject: Subject;
  readonly devices: readonly AffectedDevice[];
  /** Reports that their laboratories must review, because this report amended another one or found a standard out of its limits. */
  readonly toReview: readonly ToReview[];
}

export function affected(host: Host): Command {
  return commandOf<{ readonly kind?: KindWord }>(
    {
      usage: 'affected <id>',
      description: 'Every device whose calibration rests on this report, device, person or organisation.',
      example: 'affected PRT-2231',
      reads: true,
      configure: (command) => command.addOption(kindOption()),
      async run({ terminal, ...place }, [id = ''], { kind }) {
        const document = await withSession(place, async (session) => {
          const subject = await subjectOf(session, id, kindsOf(kind));
          const reader = await session.reader();
          const devices = await all(reader.affectedDevices(subject));
          const toReview = subject.kind === 'report' ? await reportsToReview(reader, subject.id) : [];
          return { subject, devices, toReview };
        });
        terminal.result(document, (style) => describe(document, style));
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

function describeDevices({ subject: { kind, id }, devices }: Omit<Found, 'toReview'>, style: Style): string {
  if (devices.length === 0) {
    return `No device depends on ${kind} ${id}.`;
  }
  const count = counted(devices.length, 'device depends', 'devices depend');
  return `${affectedTable(devices, style)}\n\n${style.dim(`${count} on ${kind} ${id}.`)}`;
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
