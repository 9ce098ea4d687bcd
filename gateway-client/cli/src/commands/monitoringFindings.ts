import type { RecordedFinding } from '@tracecal/core/contracts';
import { all, deviceToTrace } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { counted } from '../view/counts.js';
import { table } from '../view/table.js';
import { periodOf, periodOptions } from './siteOptions.js';
import type { PeriodOptions } from './siteOptions.js';

interface Options extends PeriodOptions {
  readonly device?: string;
}

export function monitoringFindings(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'findings',
      description: "What a site's monitor found, and what it proposes, in the order in which it was recorded.",
      example: 'monitoring findings --site a --device oem-a/sensor-17 --as oem-a',
      reads: true,
      configure: (command) => periodOptions(command).option('--device <id>', 'only about this device'),
      async run({ terminal, ...place }, _args, { device, ...options }) {
        const document = await withSession(place, async (session) => {
          const channel = session.siteChannel('monitoring', options.site);
          const id = device === undefined ? undefined : await deviceToTrace(session, device);
          const compartment = await session.monitoring(channel);
          const subject = id === undefined ? {} : { subject: { kind: 'device', id } as const };
          return {
            channel: channel.name,
            findings: await all(compartment.getFindings({ ...periodOf(options), ...subject })),
          };
        });
        const { channel, findings } = document;
        terminal.result(document, (style) =>
          findings.length === 0 ? `Nothing was found that is on record in ${channel}.` : findingTable(findings, style),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function findingTable(findings: readonly RecordedFinding[], style: Style): string {
  const columns = [
    { title: 'recorded', of: (row: RecordedFinding) => row.recorded.time },
    { title: 'found', of: (row: RecordedFinding) => row.name },
    { title: 'about', of: ({ subject }: RecordedFinding) => `${subject.kind} ${subject.id}` },
    { title: 'says', of: (row: RecordedFinding) => row.says },
    { title: 'proposes', of: proposedText },
    { title: 'finding', of: (row: RecordedFinding) => row.id.slice(0, 16) },
  ];
  return table(columns, findings, style);
}

function proposedText({ proposes }: RecordedFinding): string | null {
  return proposes ? `${proposes.action} (${counted(proposes.devices.length, 'device', 'devices')})` : null;
}
