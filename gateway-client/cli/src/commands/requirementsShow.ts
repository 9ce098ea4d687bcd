import type { OrganisationAnswer } from '@tracecal/core/contracts';
import { ownersOf } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { requirementLines } from '../view/requirementsText.js';

type Owner = Pick<OrganisationAnswer, 'id' | 'requirements'>;

export function requirementsShow(host: Host): Command {
  return commandOf(
    {
      usage: 'show',
      description: 'What an owner requires of its devices now: of --as, or of all whose keys are here.',
      example: 'requirements show --as oem-a',
      reads: true,
      async run({ terminal, ...place }) {
        const owners = await withSession(place, async (session) => {
          const reader = await session.reader();
          const named = await ownersOf(session, undefined);
          return Promise.all(named.map((owner) => reader.getOrganisation(owner)));
        });
        const found = owners.map(({ id, requirements }) => ({ id, requirements }));
        terminal.result(
          found.map(({ id: owner, requirements }) => ({ owner, requirements })),
          (style) => found.map((owner) => describe(owner, style)).join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function describe({ id, requirements }: Owner, style: Style): string {
  if (!requirements) {
    return `${style.bold(id)} has not said what it requires of its devices.`;
  }
  const { number, from, body } = requirements;
  const lines = requirementLines(body);
  return [
    `${style.bold(id)} ${style.dim(`statement ${number}, since ${from}`)}`,
    ...(lines.length > 0 ? lines : ['nothing']).map((line) => `  ${line}`),
  ].join('\n');
}
