import type { PersonAnswer } from '@tracecal/core/contracts';
import type { PersonRole } from '@tracecal/core/model';
import { printable } from '@tracecal/gateway-client';
import { ApplicationError, keyFacts, registeredId } from '@tracecal/gateway-client/application';
import type { KeyFacts } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { hanging } from '../text/wrap.js';
import { keyLines, standingLines } from '../view/standingText.js';

/** `technician show` and `officer show`. */
export function personShow(role: PersonRole, host: Host): Command {
  return commandOf(
    {
      usage: 'show <id>',
      description:
        role === 'technician'
          ? 'What a technician may sign for, how they stand, and until when.'
          : 'For whom an officer signs, how they stand, and until when.',
      example: `${role} show ${role === 'technician' ? 't-alpha' : 'lab-alpha/officer'}`,
      reads: true,
      async run({ terminal, ...place }, [given = '']) {
        const { person, key } = await withSession(place, async (session) => {
          const id = await registeredId(session, 'person', given);
          const found = await (await session.reader()).getTechnician(id);
          requireRole(found, role);
          return { person: found, key: keyFacts(session.keys, role, id, found.record.authorisations) };
        });
        terminal.result({ ...person, key }, (style) => describe(person, key, style));
        return EXIT.yes;
      },
    },
    host,
  );
}

function requireRole({ id, role }: PersonAnswer, wanted: PersonRole): void {
  if (role !== wanted) {
    throw new ApplicationError(
      'NOT_REGISTERED',
      `${id} is registered as ${role}: see \`tracecal ${role} show ${id}\`.`,
    );
  }
}

function describe(person: PersonAnswer, key: KeyFacts | null, style: Style): string {
  const { id, role, organisation, quantities, impediments } = person;
  const told = [
    `${role} of ${organisation}, which certifies the key`,
    ...standingLines(impediments),
    ...(role === 'technician' ? [`may sign for: ${quantities.join(', ') || 'nothing'}`] : []),
    ...keyLines(key),
  ];
  return [
    style.bold(printable(id)),
    ...told.flatMap((line) => hanging('  ', style.text(printable(line)), style.columns)),
  ].join('\n');
}
