import { readTrustFile } from '@tracecal/gateway-client';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { describeTrust, trustOption, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

export function trustShow(host: Host): Command {
  return commandOf<TrustOptions>(
    {
      usage: 'show',
      description: 'The roots that you trust, by name, with the SHA-256 of their certificates.',
      example: 'trust show',
      acting: 'none',
      configure: trustOption,
      async run({ terminal, data }, _args, options) {
        const file = trustPath(options, data);
        const trust = await readTrustFile(file);
        terminal.result({ file, ...trust }, (style) => describeTrust(trust, style));
        return EXIT.yes;
      },
    },
    host,
  );
}
