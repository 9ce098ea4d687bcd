import type { SignerKind } from '@tracecal/core/signing';
import {
  CalibrationKeys,
  describeFailure,
  readText,
  requireNewFile,
  settle,
  writeNewFile,
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
  readonly out: string;
}

export function certificateIssue(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'issue',
      description:
        'Check a request and make a certificate of it, with a certifier whose key is here. Whether it is who it says, you have to know: compare the SHA-256 of the key. Needs no network.',
      example: 'certificate issue technician t-alpha.csr --by lab-alpha --out t-alpha.pem',
      configure: (command) =>
        command
          .addArgument(signerKindArgument())
          .argument('<request>', 'file of the request (PKCS#10, PEM)')
          .requiredOption('--by <id>', 'who certifies: an organisation, or of a device the technician who imprints it')
          .requiredOption('--out <file>', 'where the certificate is written'),
      async run({ terminal, ...place }, [word = '', request = ''], { by: given, out }) {
        const kind = signerKind(word);
        requireNewFile(out);
        const keys = new CalibrationKeys(place.data.keys);
        const certifierKind = kind === 'device' ? 'technician' : 'organisation';
        const by = kind === 'device' ? await keys.find('technician', given) : given;
        if ((await keys.next(certifierKind, by)) !== undefined) {
          await settleIfReachable(terminal, place, certifierKind, by);
        }
        const { id, pem, keySha256 } = await keys.issue(kind, await readText(request), by);
        await writeNewFile(out, pem);
        terminal.result({ kind, id, by, certificate: out, keySha256 }, (style) =>
          [
            `${style.green('✓')} ${by} certifies ${kind} ${id} in ${out}; SHA-256 of its key ${keySha256}.`,
            `Whoever asked for it installs it with \`tracecal certificate install ${kind} ${out}\`.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** A key that was replaced certifies nothing new. Where nobody can be asked whether it was, the user has to know. */
async function settleIfReachable(terminal: Terminal, place: Place, kind: SignerKind, id: string): Promise<void> {
  try {
    await withSession(place, (session) => settle(session, kind, id));
  } catch (error) {
    terminal.warn(
      `A new key or certificate of ${kind} ${id} waits, and whether it is registered cannot be asked (${describeFailure(error).code}): if it is, this certificate is of no use, and has to be made again where the network answers.`,
    );
  }
}
