import { ApplicationError } from '@tracecal/gateway-client/application';
import { requestAuthorityRotation, requestOrdererRotation } from '@tracecal/network/control';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { requireRunning } from '../network/runningNetwork.js';

interface Options {
  readonly org?: string;
  readonly tls?: boolean;
  readonly orderer?: string;
}

export function networkRotate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'rotate',
      description:
        "Replace certificates of the running network: an organisation's CA and all that it certified, or those of one orderer.",
      example: 'network rotate --org lab-alpha',
      acting: 'none',
      configure: (command) =>
        command
          .option('--org <id>', 'the organisation that gets a new CA for its identities')
          .option('--tls', 'a new CA for its TLS certificates instead')
          .option('--orderer <name>', 'the orderer, by its full name, that gets new certificates'),
      async run({ terminal, data }, _args, { org, tls = false, orderer }) {
        if ((org === undefined) === (orderer === undefined) || (tls && org === undefined)) {
          throw new ApplicationError('USAGE', 'Say either --org, with --tls or without, or --orderer.');
        }
        await requireRunning(data);
        const onProgress = (line: string) => {
          terminal.progress(line);
        };
        const authority = tls ? 'tls' : 'identity';
        terminal.progress(`Replacing certificates of ${org ?? orderer ?? ''}`);
        if (org !== undefined) await requestAuthorityRotation(data.root, org, authority, onProgress);
        else await requestOrdererRotation(data.root, orderer ?? '', onProgress);
        const document = org === undefined ? { orderer } : { organisation: org, authority };
        terminal.result({ rotated: document }, () =>
          org === undefined ? `${orderer ?? ''} has new certificates.` : sentenceOf(org, tls),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function sentenceOf(organisation: string, tls: boolean): string {
  return tls
    ? `${organisation} has a new TLS CA: give its clients the new connection profile.`
    : `${organisation} has a new CA: give its clients their new certificates. Clients of members keep their keys; readers need the new key as well.`;
}
