import { CalibrationKeys, requireNewFile, writeExchangedFile } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { signerKind, signerKindArgument } from './kinds.js';
import { word } from '../text/quoted.js';

interface Options {
  readonly output: string;
  readonly newKey?: boolean;
  readonly key?: string;
}

/** Explains the option `--key` of commands that make keys. */
export const TOKEN_HELP =
  'key in a token to use in place of a new one, like `pkcs11:token=lab;object=officer` (docs/keys.md)';

export function certificateRequest(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'request',
      description:
        'Make a key, if there is none yet, and a request for its certificate (PKCS#10), for a certifier who has another data directory. Needs no network.',
      example: 'certificate request technician lab-alpha/t-alpha -o t-alpha.csr',
      acting: 'none',
      configure: (command) =>
        command
          .addArgument(signerKindArgument())
          .argument('<id>', 'its whole id')
          .requiredOption('-o, --output <file>', 'where the request is written')
          .option('--key <name>', TOKEN_HELP)
          .option('--new-key', 'make a new key, which replaces the current one once it is registered'),
      async run({ terminal, data }, [kindWord = '', id = ''], { output, newKey = false, key }) {
        const kind = signerKind(kindWord);
        requireNewFile(output);
        data.make();
        const { pem, keySha256 } = await new CalibrationKeys(data.keys).request(kind, id, newKey, key);
        await writeExchangedFile(output, pem);
        terminal.result({ kind, id, request: output, keySha256 }, (style) =>
          [
            `${style.green('✓')} Request for ${kind} ${id} in ${output}; SHA-256 of its key ${keySha256}.`,
            `Its certifier makes a certificate of it with \`tracecal certificate issue ${kind} ${word(output)} --by CERTIFIER --output CERTIFICATE\`.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
