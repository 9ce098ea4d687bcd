import { registrantOf } from '@tracecal/core/model';
import type { SignerKind } from '@tracecal/core/signing';
import { CalibrationKeys, onlyCertificateIn, requestOf } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import type { Style } from '../style.js';
import { signerKind, signerKindArgument } from './kinds.js';

/** The command that registers a holder, with its required options. The user fills in the words in capitals. */
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

/** The command that registers a further certificate, for a new key or for the one in use. */
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

function nextStep(
  kind: SignerKind,
  id: string,
  { waits, newKey }: { readonly waits: boolean; readonly newKey: boolean },
  { hint }: Style,
): string {
  const first = `Register its holder with ${hint(registers(kind, id))}`;
  if (!waits) {
    return `${first}.`;
  }
  // Only devices are renewed with the key that they have.
  return newKey || kind === 'device'
    ? `Register it with ${hint(renews(kind, id, newKey))}.`
    : `It is for the key in use. ${first}, if it is not registered yet; a renewal needs a certificate of a new key: ${hint(requestOf(kind, id, true))}.`;
}

export function certificateInstall(host: Host): Command {
  return commandOf(
    {
      usage: 'install',
      description:
        'Install the certificate made from your request next to its key. The command that registers the holder then uses it. Needs no network.',
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
            nextStep(kind, id, { waits, newKey }, style),
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
