import type { Command } from 'commander';
import type { AffectedDevice } from '@tracecal/chaincode/registry';
import type { SubjectKind } from '@tracecal/chaincode/model';
import { all } from '../all.js';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { table } from '../view/table.js';
import { kindOption, subjectOf } from './subject.js';

export function affected(host: Host): Command {
  return commandOf<{ readonly kind?: SubjectKind }>(
    {
      usage: 'affected <id>',
      description: 'Every device whose calibration rests on this report, device, technician or organisation.',
      example: 'affected PRT-2231',
      configure: (command) => command.addOption(kindOption()),
      async run({ terminal, ...place }, [id = ''], { kind }) {
        const document = await withSession(place, async (session) => {
          const reader = await session.reader();
          const subject = await subjectOf(reader, id, kind);
          return { subject, devices: await all(reader.affectedDevices(subject)) };
        });
        terminal.result(document, (style) =>
          document.devices.length === 0
            ? `Nothing rests on ${document.subject.kind} ${id}.`
            : `${affectedTable(document.devices, style)}\n\n${style.dim(`${document.devices.length} devices rest on ${document.subject.kind} ${id}.`)}`,
        );
        return EXIT.yes;
      },
    },
    host,
  );
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
