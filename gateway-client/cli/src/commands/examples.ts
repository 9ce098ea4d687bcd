import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { writeExamples } from '../examples/write.js';
import { EXIT } from '../exit.js';

export function examples(host: Host): Command {
  return commandOf(
    {
      usage: 'examples <folder>',
      description:
        'Write example certificates (DCC) and accreditations, dated so that they can be imported in the next days.',
      example: 'examples ./examples',
      acting: 'none',
      async run({ terminal }, [folder = '']) {
        const files = await writeExamples(folder);
        terminal.result({ files }, () => files.join('\n'));
        return EXIT.yes;
      },
    },
    host,
  );
}
