import { readTrustFile, trustText } from '@tracecal/gateway-client';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { trustOption, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

export function trustExport(host: Host): Command {
  return commandOf<TrustOptions>(
    {
      usage: 'export',
      description: 'Print the trust file in its canonical form, to hand it to others: the same trust is the same text.',
      example: 'trust export > trust.json',
      acting: 'none',
      configure: trustOption,
      async run({ terminal, data }, _args, options) {
        terminal.verbatim(trustText(await readTrustFile(trustPath(options, data))));
        return EXIT.yes;
      },
    },
    host,
  );
}
