import { registeredId, requireNewFile, writeNewFile } from '@tracecal/gateway-client/application';
import { bundleOf, bundleText } from '@tracecal/gateway-client/proof';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { askedBy, questionOptions } from './questionOptions.js';
import type { QuestionOptions } from './questionOptions.js';

interface Options extends QuestionOptions {
  readonly output: string;
}

export function proofCreate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'create <device>',
      description:
        'Write the signed records that answer a question about a device into a file, which anybody can check without this network.',
      example: 'proof create sensor-17 --output sensor-17.bundle.json',
      reads: true,
      configure: (command) => questionOptions(command).requiredOption('-o, --output <file>', 'a new file to write'),
      async run({ terminal, ...place }, [given = ''], { output: file, ...options }) {
        requireNewFile(file);
        const bundle = await withSession(place, async (session) => {
          const device = await registeredId(session, 'device', given);
          return bundleOf(await session.reader(), device, askedBy(options));
        });
        const text = bundleText(bundle);
        await writeNewFile(file, text);
        const { device, question, epoch, evidence } = bundle;
        const records = evidence.exhibits.length;
        terminal.result({ device, file, question, epoch, records, characters: text.length }, ({ hint }) =>
          [
            `${file} answers whether ${device} traces to a National Metrology Institute as of ${question.asOf}: ${records} records.`,
            `Check it with ${hint(`proof verify ${file}`)}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
