import { checkFounding, readFounding } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { CONSORTIUM_HELP, foundersIn } from '../network/founders.js';
import { foundingStateText, missingFrom } from '../view/registryFoundingText.js';
import { nextStep } from './foundingCreate.js';

interface Options {
  readonly consortium?: string;
}

export function foundingShow(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'show <file>',
      description:
        'Check a founding statement against the description of the consortium: institutes, root certificates, signatures. Exit code 5 while a signature is missing. Needs no network.',
      example: 'founding show founding.json --consortium consortium.yaml',
      acting: 'none',
      configure: (command) => command.option('--consortium <file>', CONSORTIUM_HELP),
      async run({ terminal, data }, [file = ''], { consortium }) {
        const state = checkFounding(await foundersIn(data, consortium), readFounding(file));
        terminal.result({ file, ...state }, (style) =>
          [foundingStateText(state, style), '', nextStep(file, missingFrom(state), style.hint)].join('\n'),
        );
        return state.isComplete ? EXIT.yes : EXIT.incomplete;
      },
    },
    host,
  );
}
