import {
  ApplicationError,
  CalibrationKeys,
  requireNewFile,
  writeExchangedFile,
} from '@tracecal/gateway-client/application';
import { certificateDigest } from '@tracecal/gateway-client';
import { X509Certificate } from 'node:crypto';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { TOKEN_HELP } from './certificateRequest.js';
import { CONSORTIUM_HELP, foundersIn } from '../network/founders.js';

interface Options {
  readonly consortium?: string;
  readonly output: string;
  readonly key?: string;
}

/** Where an institute's root key is: this need not be a member's data directory. */
export const KEYS_HELP =
  'directory with the root key of the institute, on a machine without a network (default: .tracecal)';

export function foundingRoot(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'root <institute>',
      description:
        "Make an institute's root key and its certificate, if they are not here yet, and write the certificate for the other institutes. The key never leaves this data directory. Needs no network.",
      example: 'founding root nmi-north --consortium consortium.yaml -o nmi-north.root.pem --data /media/vault',
      acting: 'none',
      dataHelp: KEYS_HELP,
      configure: (command) =>
        command
          .option('--consortium <file>', CONSORTIUM_HELP)
          .option('--key <name>', TOKEN_HELP)
          .requiredOption('-o, --output <file>', 'the new file to write, with the certificate'),
      async run({ terminal, data }, [institute = ''], { consortium, output, key }) {
        requireNewFile(output);
        const { institutes } = await foundersIn(data, consortium);
        if (!institutes.some(({ id }) => id === institute)) {
          const known = institutes.map(({ id }) => id).join(', ');
          throw new ApplicationError('USAGE', `${institute} is no institute of this consortium, which has ${known}.`);
        }
        data.make();
        const keys = new CalibrationKeys(data.keys);
        if (key !== undefined) await keys.useToken('organisation', institute, key);
        const certificate = await keys.organisation(institute, null);
        await writeExchangedFile(output, new X509Certificate(Buffer.from(certificate, 'base64')).toString());
        const sha256 = certificateDigest(certificate);
        terminal.result({ institute, certificate: output, sha256 }, (style) =>
          [
            `${style.green('✓')} The root certificate of ${institute} is in ${output}: send it to the other institutes.`,
            `Its SHA-256 is ${style.bold(sha256)}: tell it to them by telephone.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
