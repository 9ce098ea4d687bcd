import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { onlyCertificateIn } from '../certificates/fingerprint.js';
import { CalibrationKeys } from '../data/calibrationKeys.js';
import { EXIT } from '../exit.js';
import { signerKind, signerKindArgument } from './kinds.js';

const REGISTERS = {
  organisation: 'tracecal org add',
  officer: 'tracecal officer add',
  technician: 'tracecal technician add',
  device: 'tracecal device add',
} as const;

export function certificateInstall(host: Host): Command {
  return commandOf(
    {
      usage: 'install',
      description:
        'Put a certificate that was made of your request beside its key. What registers its holder then uses it. Needs no network.',
      example: 'certificate install technician t-alpha.pem',
      configure: (command) => command.addArgument(signerKindArgument()).argument('<certificate>', 'its file'),
      async run({ terminal, data }, [word = '', file = '']) {
        const kind = signerKind(word);
        const certificate = (await onlyCertificateIn(file)).toString();
        const { id, waits } = await new CalibrationKeys(data.keys).install(kind, certificate);
        terminal.result({ kind, id, waits }, (style) =>
          [
            `${style.green('✓')} The certificate of ${kind} ${id} is here${waits ? ', and waits until the registry has it' : ''}.`,
            ...(waits ? [] : [`Register its holder with: ${REGISTERS[kind]} ${id} --sign-only FILE`]),
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
