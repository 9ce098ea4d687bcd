import type { Command } from 'commander';
import type { Change, HistoryEntry } from '@tracecal/chaincode/registry';
import type { SubjectKind } from '@tracecal/chaincode/model';
import { printable } from '../../client/index.js';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { kindOption, subjectOf } from './subject.js';

export function history(host: Host): Command {
  return commandOf<{ readonly kind?: SubjectKind }>(
    {
      usage: 'history <id>',
      description: 'What every transaction did to this report, device, technician or organisation, oldest first.',
      example: 'history PRT-2231 --kind device',
      configure: (command) => command.addOption(kindOption()),
      async run({ terminal, ...place }, [id = ''], { kind }) {
        const document = await withSession(place, async (session) => {
          const reader = await session.reader();
          const subject = await subjectOf(reader, id, kind);
          return { subject, entries: await reader.history(subject) };
        });
        terminal.result(document, (style) => document.entries.map((entry) => describe(entry, style)).join('\n'));
        return EXIT.yes;
      },
    },
    host,
  );
}

const PAST: Readonly<Record<Change['what'], string>> = {
  registered: 'registered',
  'scopes-granted': 'granted more scopes',
  'scopes-reduced': 'accreditation reduced',
  amended: 'amended',
  revoke: 'revoked',
  suspend: 'suspended',
  reinstate: 'reinstated',
};

function describe({ time, txId, changes }: HistoryEntry, style: Style): string {
  return [
    `${time}  ${style.dim(`transaction ${txId.slice(0, 16)}…`)}`,
    ...changes.map((change) => `  ${printable(sentence(change))}`),
  ].join('\n');
}

function sentence({ kind, id, what, amendedBy, by, reason, effective }: Change): string {
  const detail = [
    amendedBy === undefined ? '' : `by ${amendedBy}`,
    by === undefined ? '' : `by ${by}`,
    reason === undefined ? '' : `(${reason})`,
    effective === undefined ? '' : `effective ${effective}`,
  ];
  return [`${kind} ${id}: ${PAST[what]}`, ...detail].filter((part) => part !== '').join(' ');
}
