import type { OrganisationAnswer } from '@tracecal/core/contracts';
import { registrantOf } from '@tracecal/core/model';
import { printable } from '@tracecal/gateway-client';
import { keyFacts } from '@tracecal/gateway-client/application';
import type { KeyFacts } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { hanging } from '../text/wrap.js';
import { scopesWords, underPseudonym } from '../view/pseudonymText.js';
import { requirementLines } from '../view/requirementsText.js';
import { scopeTable } from '../view/scopeTable.js';
import { keyLines, standingLines } from '../view/standingText.js';

interface Found {
  readonly organisation: OrganisationAnswer;
  readonly key: KeyFacts | null;
  /** Its officers whose keys are on this machine. */
  readonly officersHere: readonly string[];
}

export function orgShow(host: Host): Command {
  return commandOf(
    {
      usage: 'show <id>',
      description: 'What an organisation is, how it stands, who certifies it, and what it is accredited for.',
      example: 'org show lab-alpha',
      reads: true,
      async run({ terminal, ...place }, [id = '']) {
        const found = await withSession(place, async (session): Promise<Found> => {
          const organisation = await (await session.reader()).getOrganisation(id);
          const officers = await session.keys.ids('officer');
          return {
            organisation,
            key: keyFacts(session.keys, 'organisation', id, organisation.record.memberships),
            officersHere: officers.filter((officer) => registrantOf(officer) === id),
          };
        });
        const { organisation, ...here } = found;
        terminal.result({ ...organisation, ...here }, (style) => describe(found, style));
        return EXIT.yes;
      },
    },
    host,
  );
}

function describe({ organisation, key, officersHere }: Found, style: Style): string {
  const { id, name, kind, country, certifier, mspId, impediments, requirements, lines, pseudonym } = organisation;
  const certified = certifier === null ? 'certified by nobody: it is a root' : `certified by ${certifier}`;
  const told = [
    pseudonym
      ? `${kind}, ${underPseudonym(certifier ?? '', pseudonym, { name, country })}`
      : `${name}, ${country}: ${kind}`,
    ...(pseudonym ? [scopesWords(pseudonym)] : []),
    ...standingLines(impediments),
    `${certified}; acts through ${mspId}`,
    ...keyLines(key),
    `officers whose keys are on this machine: ${officersHere.join(', ') || 'none'}`,
    ...(requirements === null ? [] : requirementLines(requirements.body)),
  ];
  const listed = lines.map(({ scope, ...granted }) => ({ line: scope, ...granted }));
  return [
    style.bold(printable(id)),
    ...told.flatMap((line) => hanging('  ', style.text(printable(line)), style.columns)),
    '',
    listed.length === 0 ? 'It is not accredited for anything.' : scopeTable(listed, style),
  ].join('\n');
}
