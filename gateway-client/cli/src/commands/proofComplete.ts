import { TraceCalError } from '@tracecal/gateway-client';
import { readExactText, requireNewFile, writeNewFile } from '@tracecal/gateway-client/application';
import { bundleText, MOST_BUNDLE_BYTES, readBundle, withNextHeartbeat } from '@tracecal/gateway-client/proof';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { word } from '../text/quoted.js';

interface Options {
  readonly output: string;
}

export function proofComplete(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'complete <bundle>',
      description:
        'Copy a recorded bundle, with the next heartbeat: it shows by when the bundle was recorded. There is one within about an hour.',
      example: 'proof complete sensor-17.bundle.json --output sensor-17.dated.json',
      reads: true,
      configure: (command) => command.requiredOption('-o, --output <file>', 'a new file to write'),
      async run({ terminal, ...place }, [file = ''], { output }) {
        requireNewFile(output);
        const bundle = readBundle(await readExactText(file, MOST_BUNDLE_BYTES));
        const dated = await withSession(place, async (session) => withNextHeartbeat(await session.reader(), bundle));
        if (dated === undefined) {
          throw new TraceCalError(
            'NOT_FOUND',
            'No institute has signed a heartbeat yet over an epoch that was sealed after the bundle was recorded: try again later.',
          );
        }
        const text = bundleText(dated);
        await writeNewFile(output, text);
        const facts = { file: output, device: dated.device, characters: text.length };
        terminal.result(
          facts,
          ({ hint }) =>
            `${output} shows by when it was recorded. Check it with ${hint(`proof verify ${word(output)}`)}.`,
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
