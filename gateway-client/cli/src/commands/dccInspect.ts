import { inspectFile } from '@tracecal/gateway-client/dcc';
import type { InspectedFile } from '@tracecal/gateway-client/dcc';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT, exitOfAll } from '../exit.js';
import { inspectionLines, isChanged } from '../view/inspection.js';
import { tellFiles } from '../view/unreadFiles.js';

export function dccInspect(host: Host): Command {
  return commandOf(
    {
      usage: 'inspect <files...>',
      description:
        'What digital calibration certificates say, and whether their signatures fit. Needs no network. Exit code 2 if one cannot be read, 1 if one was changed after signing.',
      example: 'dcc inspect certificate.xml',
      acting: 'none',
      async run({ terminal }, files) {
        const inspections: InspectedFile[] = [];
        for (const file of files) {
          terminal.progress(`Reading ${file}`);
          inspections.push(await inspectFile(file));
        }
        tellFiles(terminal, inspections, inspectionLines, '\n\n');
        return exitOfAll(inspections.map((each) => (!each.ok ? EXIT.input : isChanged(each) ? EXIT.failed : EXIT.yes)));
      },
    },
    host,
  );
}
