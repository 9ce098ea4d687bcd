import { DEVICE_KINDS } from '@tracecal/core/model';
import {
  ApplicationError,
  certificateFiles,
  importFiles,
  MAPPING_EXAMPLE,
  PAPER_EXAMPLE,
  PAPER_OPTION,
  requireDeliverable,
} from '@tracecal/gateway-client/application';
import type { ImportOptions } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT, exitOfAll, exitOfError } from '../exit.js';
import { collect } from '../parse.js';
import { withSession } from '../session.js';
import { importJson, importText } from '../view/imported.js';
import { issuingOptions } from './issuing.js';
import { privateOptions, publicOption, readershipOf } from './privateOptions.js';
import type { PrivateOptions } from './privateOptions.js';
import { sealTrustOf, sealTrustOptions } from './sealTrust.js';
import type { SealTrustOptions } from './sealTrust.js';

interface Options extends Omit<ImportOptions, 'readership' | 'trust'>, SealTrustOptions, PrivateOptions {}

export function dccImport(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'import <files...>',
      description:
        'Import digital calibration certificates as reports: register their devices, map their parents, sign, issue, and accept the reports for the owners. A folder is searched with its subfolders; certificates that are already registered are skipped.',
      example: 'dcc import certificate.xml --technician t-alpha --kind standard',
      configure,
      async run({ terminal, ...place }, paths, options) {
        const files = await certificateFiles(paths);
        requireOne(files, options);
        const outcomes = await withSession(place, async (session) => {
          requireDeliverable(session, options);
          const trust = options.anchors && (await sealTrustOf(options));
          const readership = await readershipOf(session, options);
          return importFiles(session, files, { ...options, ...(trust && { trust }), ...readership }, (text) => {
            terminal.progress(text);
          });
        });
        terminal.result(outcomes.map(importJson), (style) =>
          outcomes.map((outcome) => importText(outcome, style)).join('\n'),
        );
        return exitOfAll(outcomes.map((outcome) => (outcome.ok ? EXIT.yes : exitOfError(outcome.error))));
      },
    },
    host,
  );
}

function configure(command: Command): Command {
  return publicOption(privateOptions(sealTrustOptions(issuingOptions(command))))
    .requiredOption('--technician <id>', 'who signs the reports; their organisation issues them')
    .option('--imprinter <technician>', 'who certifies the keys of newly registered devices (default: the same)')
    .option('--owner <organisation>', "owner of newly registered devices (default: the imprinter's organisation)")
    .addOption(new Option('--kind <kind>', 'kind of newly registered devices').choices(DEVICE_KINDS).default('field'))
    .option('--mapping <file>', 'what certificates do not tell, for one of them or for a series')
    .option('--parent <report>', 'report of a standard that was used; may be repeated', collect)
    .option('--paper-parent <facts>', PAPER_OPTION, collect)
    .option(
      '--skip-refused',
      'import the files that can be imported and skip the others; by default nothing is written if one is refused',
    )
    .option('--issuer <organisation>', 'the member that issued the certificate, where its name does not tell')
    .addOption(
      new Option('--device <id>', 'the registered device, where the certificate does not identify it').conflicts(
        'newDevice',
      ),
    )
    .option('--new-device', 'the device is not registered yet, although a similar one is')
    .option('--amends <report>', 'the report that the certificate replaces, where it does not say so itself')
    .addHelpText('after', `\nA file for --mapping, of which only "version" is needed:\n${MAPPING_EXAMPLE}`)
    .addHelpText('after', `\nA file for --paper-parent:\n${PAPER_EXAMPLE}`);
}

/** Parents of a certificate are looked up in the registry, so a file cannot depend on another one of the same call. */
function requireOne(files: readonly string[], { signOnly, amends, device, newDevice }: Options): void {
  const given = Object.entries({
    '--sign-only': signOnly,
    '--amends': amends,
    '--device': device,
    '--new-device': newDevice,
  });
  const [option] = given.find(([, value]) => value !== undefined) ?? [];
  if (option !== undefined && files.length > 1) {
    throw new ApplicationError('USAGE', `With ${option}, give one certificate at a time.`);
  }
}
