import { readerKeyId } from '@tracecal/gateway-client';
import { makeReaderKey, requireNewFile, writeNewFile } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { lastDay } from '../parse.js';
import { withSession } from '../session.js';
import { word } from '../text/quoted.js';

interface Options {
  readonly output: string;
  readonly until?: string;
  readonly newKey?: true;
}

export function keysMake(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'make',
      description:
        "Sign which key confidential results are encrypted to, as an organisation's officer (--as), for issuers of reports. Its private half is made here, if there is none, and never leaves this data directory.",
      example: 'keys make --as lab-beta -o lab-beta.reader.json',
      configure: (command) =>
        command
          .requiredOption('-o, --output <file>', 'the new file to write, with the public half')
          .option('--until <date>', 'last day on which anything is encrypted to it (default: in a year)', lastDay)
          .option('--new-key', 'make another key; what was encrypted to the one before stays readable'),
      async run({ terminal, ...place }, _args, { output, until, newKey = false }) {
        requireNewFile(output);
        const made = await withSession(place, (session) =>
          makeReaderKey(session, { isNew: newKey, ...(until !== undefined && { until }) }),
        );
        await writeNewFile(output, made.text);
        const { organisation, key, date, until: end } = made.content;
        const id = readerKeyId(key);
        terminal.result({ organisation, key: id, signer: made.signer, date, until: end, file: output }, (style) =>
          [
            `${style.green('✓')} Reader's key ${id} of ${organisation}, until ${end}, is in ${output}.`,
            `Give it to issuers, who add it with ${style.hint(`keys add ${word(output)}`)}. It is no secret.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
