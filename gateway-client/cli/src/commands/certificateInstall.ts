import { registrantOf } from '@tracecal/core/model';
import type { SignerKind } from '@tracecal/core/signing';
import { CalibrationKeys, onlyCertificateIn } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { signerKind, signerKindArgument } from './kinds.js';

/** What registers a holder, with the options that it cannot do without; words in capitals are to be filled in. */
function registers(kind: SignerKind, id: string): string {
  const organisation = registrantOf(id);
  switch (kind) {
    case 'organisation':
      return `org add ${id} --certified-by CERTIFIER --sign-only FILE`;
    case 'officer':
      return `officer add ${id} --org ${organisation} --sign-only FILE`;
    case 'technician':
      return `technician add ${id} --org ${organisation} --quantities QUANTITIES --sign-only FILE`;
    case 'device':
      return `device add ${id} --technician TECHNICIAN --serial SERIAL --model MODEL --manufacturer MANUFACTURER --sign-only FILE`;
  }
}

/** What registers a further certificate, of a new key or of the one in use. */
function renews(kind: SignerKind, id: string, newKey: boolean): string {
  switch (kind) {
    case 'organisation':
      return `org renew ${id} --sign-only FILE`;
    case 'officer':
    case 'technician':
      return `technician authorise ${id} --new-key --sign-only FILE`;
    case 'device':
      return `device renew ${id}${newKey ? ' --new-key' : ''} --sign-only FILE`;
  }
}

export function certificateInstall(host: Host): Command {
  return commandOf(
    {
      usage: 'install',
      description:
        'Put a certificate that was made of your request beside its key. What registers its holder then uses it. Needs no network.',
      example: 'certificate install technician t-alpha.pem',
      acting: 'none',
      configure: (command) => command.addArgument(signerKindArgument()).argument('<certificate>', 'its file'),
      async run({ terminal, data }, [word = '', file = '']) {
        const kind = signerKind(word);
        const certificate = (await onlyCertificateIn(file)).toString();
        const { id, waits, newKey } = await new CalibrationKeys(data.keys).install(kind, certificate);
        terminal.result({ kind, id, waits, newKey }, (style) =>
          [
            `${style.green('✓')} The certificate of ${kind} ${id} is here${waits ? ', and waits until the registry has it' : ''}.`,
            waits
              ? `Register it with ${style.hint(renews(kind, id, newKey))}.`
              : `Register its holder with ${style.hint(registers(kind, id))}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
