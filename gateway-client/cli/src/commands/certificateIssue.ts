import type { SignerKind } from '@tracecal/core/signing';
import {
  CalibrationKeys,
  describeFailure,
  readText,
  requireNewFile,
  settle,
  writeExchangedFile,
} from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Place } from '../session.js';
import type { Terminal } from '../terminal.js';
import { signerKind, signerKindArgument } from './kinds.js';

interface Options {
  readonly by: string;
  readonly output: string;
}

export function certificateIssue(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'issue',
      description:
        'Check a request and make a certificate from it, with a certifier whose key is here. This does not prove who made the request: compare the SHA-256 of the key with them. Needs no network.',
      example: 'certificate issue technician t-alpha.csr --by lab-alpha -o t-alpha.pem',
      configure: (command) =>
        command
          .addArgument(signerKindArgument())
          .argument('<request>', 'file of the request (PKCS#10, PEM)')
          .requiredOption('--by <id>', 'who certifies: an organisation, or for a device the technician who imprints it')
          .requiredOption('-o, --output <file>', 'where the certificate is written'),
      async run({ terminal, ...place }, [word = '', request = ''], { by: given, output }) {
        const kind = signerKind(word);
        requireNewFile(output);
        const keys = new CalibrationKeys(place.data.keys);
        const certifierKind = kind === 'device' ? 'technician' : 'organisation';
        const by = kind === 'device' ? await keys.find('technician', given) : given;
        if ((await keys.next(certifierKind, by)) !== undefined) {
          await settleIfReachable(terminal, place, certifierKind, by);
        }
        const { id, pem, keySha256 } = await keys.issue(kind, await readText(request), by);
        await writeExchangedFile(output, pem);
        terminal.result({ kind, id, by, certificate: output, keySha256 }, (style) =>
          [
            `${style.green('✓')} ${by} certifies ${kind} ${id} in ${output}; SHA-256 of its key ${keySha256}.`,
            `The holder of the key installs it with \`tracecal certificate install ${kind} ${output}\`.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** A replaced key cannot certify anything new. Without a network this cannot be checked, so the user must know. */
async function settleIfReachable(terminal: Terminal, place: Place, kind: SignerKind, id: string): Promise<void> {
  try {
    await withSession(place, (session) => settle(session, kind, id));
  } catch (error) {
    terminal.warn(
      `A new key or certificate of ${kind} ${id} waits, but the registry cannot be asked whether it is registered (${describeFailure(error).code}). If it is registered, this certificate is invalid: make it again when the network answers.`,
    );
  }
}
