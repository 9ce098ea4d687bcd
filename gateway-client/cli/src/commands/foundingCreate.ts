import { instantOf } from '@tracecal/core/model';
import type { RegistryPolicy } from '@tracecal/core/model';
import {
  CalibrationKeys,
  checkFounding,
  FOUNDING_POLICY,
  foundingText,
  onlyCertificateIn,
  requireNewFile,
  signedByFounder,
  unsignedFounding,
  writeExchangedFile,
} from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { CONSORTIUM_HELP, foundersIn } from '../network/founders.js';
import { days } from '../parse.js';
import { word } from '../text/quoted.js';
import { foundingStateText, missingFrom } from '../view/registryFoundingText.js';
import { KEYS_HELP } from './foundingRoot.js';

interface Options {
  readonly institute: string;
  readonly consortium?: string;
  readonly output: string;
  readonly transcriptionDays?: number;
  readonly accreditors?: RegistryPolicy['accreditors'];
}

const ACCREDITORS: readonly RegistryPolicy['accreditors'][] = ['certifier', 'body', 'either'];

export function foundingCreate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'create <certificates...>',
      description:
        "Write the founding statement of the consortium's registry, with the root certificates of all its institutes, and sign it with the root key of one of them (--institute). Needs no network.",
      example:
        'founding create nmi-north.root.pem nmi-south.root.pem --institute nmi-north --consortium consortium.yaml -o founding.json --data /media/vault',
      acting: 'none',
      dataHelp: KEYS_HELP,
      configure: (command) =>
        command
          .requiredOption('--institute <id>', 'the institute whose root key is here, and signs')
          .option('--consortium <file>', CONSORTIUM_HELP)
          .option(
            '--transcription-days <days>',
            `after how many days a report counts as a transcription (default: ${FOUNDING_POLICY.transcriptionDays})`,
            days,
          )
          .addOption(
            new Option(
              '--accreditors <who>',
              `who may accredit: the institute above a laboratory, an accreditation body, or either (default: ${FOUNDING_POLICY.accreditors})`,
            ).choices([...ACCREDITORS]),
          )
          .requiredOption('-o, --output <file>', 'the new file to write'),
      async run({ terminal, data }, files, { institute, consortium, output, transcriptionDays, accreditors }) {
        requireNewFile(output);
        const founders = await foundersIn(data, consortium);
        const keys = new CalibrationKeys(data.keys);
        const signer = await keys.signer('organisation', institute);
        const certificates = await Promise.all(files.map(onlyCertificateIn));
        const founding = unsignedFounding(
          founders,
          certificates.map(({ raw }) => raw.toString('base64')),
          {
            date: instantOf(Date.now()),
            policy: {
              ...FOUNDING_POLICY,
              ...(transcriptionDays !== undefined && { transcriptionDays }),
              ...(accreditors !== undefined && { accreditors }),
            },
          },
        );
        const signed = await signedByFounder(founders, founding, signer, institute);
        await writeExchangedFile(output, foundingText(signed));
        const state = checkFounding(founders, signed);
        terminal.result({ file: output, ...state }, (style) =>
          [
            foundingStateText(state, style),
            '',
            `${style.green('✓')} ${institute} has signed it in ${output}. ${nextStep(output, missingFrom(state), style.hint)}`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** What comes after a signature. */
export function nextStep(file: string, missing: readonly string[], hint: (command: string) => string): string {
  const [next] = missing;
  return next === undefined
    ? `All have signed: each member starts its nodes with it, and one of them registers it with ${hint(`founding submit ${word(file)}`)}.`
    : `Signatures are missing of ${missing.join(', ')}: each adds its own with ${hint(`founding sign ${word(file)} --institute ${next}`)}.`;
}
