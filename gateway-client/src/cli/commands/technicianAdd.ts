import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { addTechnician } from '../operations/technicians.js';
import { list } from '../parse.js';
import { withSession } from '../session.js';
import { committedJson, committedLine } from '../view/committed.js';

interface Options {
  readonly org: string;
  readonly quantities: readonly string[];
}

export function technicianAdd(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'add <id>',
      description: "Make a technician's key and certificate, and register him.",
      example: 'technician add t-alpha --org lab-alpha --quantities temperature,mass',
      configure: (command) =>
        command
          .requiredOption('--org <organisation>', 'his organisation')
          .requiredOption('--quantities <list>', 'what he may sign for: temperature,mass', list),
      async run({ terminal, ...place }, [id = ''], { org, quantities }) {
        const committed = await withSession(place, (session) =>
          addTechnician(session, { id, organisation: org, quantities }),
        );
        terminal.result({ technician: id, organisation: org, ...committedJson(committed) }, (style) =>
          [`${style.green('✓')} ${id} of ${org} is registered.`, committedLine(committed, style)].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
