import type { Verdict } from '@tracecal/core/trace';
import { printable } from '@tracecal/gateway-client';
import { registeredId } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { exitOfVerdict } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { hanging } from '../text/wrap.js';
import { ownersLines } from '../view/ownersWords.js';
import { disclosureOption, disclosuresIn } from './disclosureOptions.js';
import type { DisclosureOptions } from './disclosureOptions.js';
import { quantityOption } from './questionOptions.js';
import type { QuestionOptions } from './questionOptions.js';

type Options = DisclosureOptions & Pick<QuestionOptions, 'quantity'>;

export function requirementsCheck(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'check <device>',
      description:
        'Is a device as its owner requires it to be? Exit code 0 if so. Requirements that need numbers are met by confidential results only for whoever was told them.',
      example: 'requirements check sensor-17 --disclosure for-oem-a.json',
      reads: true,
      configure: (command) => disclosureOption(quantityOption(command)),
      async run({ terminal, ...place }, [given = ''], { quantity, ...options }) {
        const disclosures = await disclosuresIn(options);
        const verdict = await withSession(place, async (session) =>
          (await session.reader()).traceCal(await registeredId(session, 'device', given), {
            ...(quantity !== undefined && { quantity }),
            ...(disclosures.length > 0 && { disclosures }),
          }),
        );
        const { device, asOf, status, reason, requirements } = verdict;
        terminal.result({ device, asOf, status, reason, requirements }, (style) => describe(verdict, style));
        return exitOfVerdict(verdict);
      },
    },
    host,
  );
}

function describe(verdict: Verdict, style: Style): string {
  const { device, status, reason, requirements } = verdict;
  const said = requirements && requirements.number !== null;
  return [
    `${style.bold(style.text(printable(device)))} ${status}`,
    ...hanging('  ', style.text(printable(reason)), style.columns),
    ...(said ? [] : ['  its owner has not said what it requires: a device has to be TRACEABLE']),
    ...ownersLines(verdict, style),
  ].join('\n');
}
