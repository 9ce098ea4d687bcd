import {
  CalibrationKeys,
  checkFounding,
  readFounding,
  rewriteFounding,
  signedByFounder,
} from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { CONSORTIUM_HELP, foundersIn } from '../network/founders.js';
import { foundingStateText, missingFrom } from '../view/registryFoundingText.js';
import { nextStep } from './foundingCreate.js';
import { KEYS_HELP } from './foundingRoot.js';

interface Options {
  readonly institute: string;
  readonly consortium?: string;
}

export function foundingSign(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'sign <file>',
      description:
        "Check a founding statement against the description of the consortium, and add an institute's signature to its file, after you have read what it says (`tracecal founding show`). Needs no network.",
      example: 'founding sign founding.json --institute nmi-south --consortium consortium.yaml --data /media/vault',
      acting: 'none',
      dataHelp: KEYS_HELP,
      configure: (command) =>
        command
          .requiredOption('--institute <id>', 'the institute whose root key is here, and signs')
          .option('--consortium <file>', CONSORTIUM_HELP),
      async run({ terminal, data }, [file = ''], { institute, consortium }) {
        const founders = await foundersIn(data, consortium);
        const signer = await new CalibrationKeys(data.keys).signer('organisation', institute);
        const signed = await signedByFounder(founders, readFounding(file), signer, institute);
        await rewriteFounding(file, signed);
        const state = checkFounding(founders, signed);
        terminal.result({ file, ...state }, (style) =>
          [
            foundingStateText(state, style),
            '',
            `${style.green('✓')} The signature of ${institute} is in ${file}. ${nextStep(file, missingFrom(state), style.hint)}`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
