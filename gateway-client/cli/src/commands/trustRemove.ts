import { readTrustFile, withoutRoot, writeTrustFile } from '@tracecal/gateway-client';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { describeTrust, trustChangeOptions, trustPath } from './trustOptions.js';
import type { TrustChangeOptions } from './trustOptions.js';

export function trustRemove(host: Host): Command {
  return commandOf<TrustChangeOptions>(
    {
      usage: 'remove <name>',
      description: 'Stop trusting a root.',
      example: 'trust remove nmi-north',
      acting: 'none',
      configure: trustChangeOptions,
      async run({ terminal, data }, [name = ''], options) {
        const file = trustPath(options, data);
        const trust = withoutRoot(await readTrustFile(file), name, options.heartbeats);
        await writeTrustFile(file, trust);
        terminal.result({ file, ...trust }, (style) => describeTrust(trust, style));
        return EXIT.yes;
      },
    },
    host,
  );
}
