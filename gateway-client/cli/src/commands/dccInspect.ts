import { inspectFile } from '@tracecal/gateway-client/dcc';
import type { Inspection } from '@tracecal/gateway-client/dcc';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { inspectionLines } from '../view/inspection.js';

export function dccInspect(host: Host): Command {
  return commandOf(
    {
      usage: 'inspect <files...>',
      description: 'What digital calibration certificates say. Needs no network. Exit code 2 if one cannot be read.',
      example: 'dcc inspect certificate.xml',
      async run({ terminal }, files) {
        const inspections: Inspection[] = [];
        for (const file of files) {
          terminal.progress(`Reading ${file}`);
          inspections.push(await inspectFile(file));
        }
        terminal.result(inspections, (style) => inspections.map((each) => inspectionLines(each, style)).join('\n\n'));
        return inspections.every(({ ok }) => ok) ? EXIT.yes : EXIT.input;
      },
    },
    host,
  );
}
