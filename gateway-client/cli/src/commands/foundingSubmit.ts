import { ApplicationError, checkFounding, establish, readFounding } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { foundersIn } from '../network/founders.js';
import { withSession } from '../session.js';
import { committedJson, committedLines } from '../view/committed.js';
import { missingFrom } from '../view/registryFoundingText.js';

export function foundingSubmit(host: Host): Command {
  return commandOf(
    {
      usage: 'submit <file>',
      description:
        'Register a founding statement that all institutes have signed, as any member of the calibration level; register the officer of each institute whose root key is here; and trust the founders from now on, unless there is a trust file. What is done is skipped, so each institute can call it.',
      example: 'founding submit founding.json --data lab-alpha',
      async run({ terminal, ...place }, [file = '']) {
        const { data } = place;
        const founding = readFounding(file);
        const state = checkFounding(await foundersIn(data, undefined), founding);
        if (!state.isComplete) {
          throw new ApplicationError(
            'KEYS_MISSING',
            `Signatures are missing of ${missingFrom(state).join(', ')}: let them add theirs with \`tracecal founding sign\`.`,
          );
        }
        const steps = await withSession(place, (session) => establish(session, data.trustFile, founding), 'each');
        const done = steps.map(({ what, committed }) => ({ what, ...committedJson(committed) }));
        const document = { file, registry: state.registry, trust: data.trustFile, steps: done };
        terminal.result(document, (style) =>
          [
            ...steps.flatMap(({ what, committed }) => [
              `${style.green('✓')} ${what}`,
              ...committedLines(committed, style),
            ]),
            `Registry ${style.bold(state.registry)} is founded. Roots that you trust: ${data.trustFile}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
