import { withRoot, writeTrustFile } from '@tracecal/gateway-client';
import { fingerprintOf } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { describeTrust, trustChangeOptions, trustIfFound, trustPath } from './trustOptions.js';
import type { TrustChangeOptions } from './trustOptions.js';

export function trustAdd(host: Host): Command {
  return commandOf<TrustChangeOptions>(
    {
      usage: 'add <name> <certificate>',
      description:
        'Trust a root: give its certificate (a PEM or DER file) or its SHA-256, obtained from the institute itself.',
      example: 'trust add nmi-north nmi-north.cert.pem',
      acting: 'none',
      configure: trustChangeOptions,
      async run({ terminal, data }, [name = '', certificate = ''], options) {
        const file = trustPath(options, data);
        const root = { name, sha256: await fingerprintOf(certificate) };
        const trust = withRoot(await trustIfFound(file), root, options.heartbeats);
        if (options.trust === undefined) {
          data.make();
        }
        await writeTrustFile(file, trust);
        terminal.result({ file, ...trust }, (style) => describeTrust(trust, style));
        return EXIT.yes;
      },
    },
    host,
  );
}
