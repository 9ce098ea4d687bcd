import { readTrustFile, trustFingerprint } from '@tracecal/gateway-client';
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
      description:
        'What you trust: the roots, the endorsers and the channel, with a fingerprint that is short enough to read out.',
      example: 'trust show',
      acting: 'none',
      configure: trustOption,
      async run({ terminal, data }, _args, options) {
        const file = trustPath(options, data);
        const trust = await readTrustFile(file);
        terminal.result({ file, fingerprint: trustFingerprint(trust), ...trust }, (style) =>
          describeTrust(trust, style),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
