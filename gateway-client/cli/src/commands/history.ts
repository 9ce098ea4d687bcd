import type { Change, ChangedCalibration, HistoryEntry } from '@tracecal/core/contracts';
import type { Subject } from '@tracecal/core/model';
import { printable } from '@tracecal/gateway-client';
import { all, blocksOf, subjectOf } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { hanging, wrap } from '../text/wrap.js';
import { kindOption, kindsOf } from './kinds.js';
import type { KindWord } from './kinds.js';

export function history(host: Host): Command {
  return commandOf<{ readonly kind?: KindWord }>(
    {
      usage: 'history <id>',
      description: 'What every transaction did to this report, device, person or organisation, oldest first.',
      example: 'history PRT-2231 --kind device',
      reads: true,
      configure: (command) => command.addOption(kindOption()),
      async run({ terminal, ...place }, [id = ''], { kind }) {
        const document = await withSession(place, async (session) => {
          const subject = await subjectOf(session, id, kindsOf(kind));
          const reader = await session.reader();
          const entries = await all(reader.history(subject));
          terminal.progress('Asking for blocks');
          const blocks = await blocksOf(
            reader,
            entries.map(({ txId }) => txId),
          );
          return { subject, entries: entries.map((entry, at) => ({ ...entry, blockNumber: blocks[at] ?? null })) };
        });
        terminal.result(document, (style) =>
          [...document.entries.flatMap((entry) => describe(entry, style)), ...decisionsHint(document, style)].join(
            '\n',
          ),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

const PAST: Readonly<Record<Change['what'], string>> = {
  founding: 'founded',
  admission: 'admitted',
  policy: 'policy set',
  organisation: 'registered',
  accreditation: 'accredited',
  reduction: 'accreditation reduced',
  review: 'reports reviewed because of it',
  confirmation: 'original imported once more',
  vouching: 'confidential results vouched for',
  authorisation: 'authorised',
  device: 'registered',
  transfer: 'transferred',
  interval: 'interval set',
  requirements: 'requirements of its devices set',
  report: 'issued',
  acceptance: 'report accepted',
  rejection: 'report rejected',
  consent: 'consented to',
  revocation: 'revoked',
  suspension: 'suspended',
  reinstatement: 'reinstated',
  seal: 'epoch sealed',
  heartbeat: 'heartbeat',
};

/** An entry of the registry, and the block in which its transaction is. */
interface ShownEntry extends HistoryEntry {
  readonly blockNumber: number | null;
}

interface History {
  readonly subject: Subject;
  readonly entries: readonly ShownEntry[];
}

function describe({ time, txId, blockNumber, changes }: ShownEntry, style: Style): readonly string[] {
  const where = blockNumber === null ? '' : style.dim(`  block ${blockNumber}`);
  return [
    `${time}${where}`,
    ...changes.flatMap((change) => hanging('  ', style.text(printable(sentence(change))), style.columns, '    ')),
    style.dim(`  transaction ${txId}`),
  ];
}

/** Owners decide about their devices: the history of a report holds no acceptance and no rejection. */
function decisionsHint({ subject, entries }: History, style: Style): readonly string[] {
  const [device] = entries.flatMap(({ changes }) => changes.flatMap(({ calibration }) => calibration?.device ?? []));
  if (subject.kind !== 'report' || device === undefined) {
    return [];
  }
  const call = style.hint(`history ${device} --kind device`);
  return wrap(style.dim(`Its acceptance or rejection is in the history of its device: ${call}.`), style.columns);
}

function sentence(change: Change): string {
  const { kind, id, by, report, owner, reviewed, equal, judged, reason, effective, calibration, amended } = change;
  const detail = [
    `by ${by}`,
    owner === undefined ? '' : `to ${owner}`,
    report === undefined ? '' : `(report ${report})`,
    reviewed === undefined ? '' : `(${reviewed.join(', ')})`,
    judged === undefined ? '' : judgedWords(judged),
    equal === undefined ? '' : equal ? '(it reads equal)' : '(that it reads equal is taken back)',
    reason === undefined ? '' : `(${reason})`,
    effective === undefined ? '' : `effective ${effective}`,
  ];
  const done = [`${kind} ${id}: ${past(change)}`, ...detail].filter((part) => part !== '').join(' ');
  return [done, ...(calibration ? wordsOf(calibration) : []), ...(amended ? [amendedWords(amended)] : [])].join('; ');
}

const RENEWED: Readonly<Record<NonNullable<Change['renewed']>, string>> = {
  key: 'renewed, with a new key',
  certificate: 'renewed, with a new certificate for its key',
  terms: 'registered anew, with the same certificate',
};

/** `unsound` takes back what was said before. */
function isTakenBack(judged: NonNullable<Change['judged']>): boolean {
  return Object.values(judged).every((outcome) => outcome === 'unsound');
}

function judgedWords(judged: NonNullable<Change['judged']>): string {
  const words = Object.entries(judged).map(([quantity, outcome]) =>
    isTakenBack(judged) ? quantity : `${quantity}: ${outcome}`,
  );
  return `(${words.join(', ')})`;
}

function past({ what, report, renewed, judged }: Change): string {
  if (judged !== undefined && isTakenBack(judged)) {
    return 'confidential results no longer vouched for';
  }
  if (renewed !== undefined) {
    return RENEWED[renewed];
  }
  if (report !== undefined && what === 'report') {
    return 'amended';
  }
  return report !== undefined && what === 'consent' ? 'report accepted beforehand' : PAST[what];
}

function wordsOf({
  device,
  performed,
  quantities,
  foundOutOfLimits,
  adjusted,
  supersedes,
}: ChangedCalibration): readonly string[] {
  const kinds = quantities.length > 0 ? quantities.join(', ') : 'without results';
  return [
    `calibration ${device === undefined ? '' : `of ${device} `}until ${performed}: ${kinds}`,
    ...(foundOutOfLimits ? [`found out of its limits: ${foundOutOfLimits.join(', ')}`] : []),
    ...(adjusted ? ['adjusted or repaired'] : []),
    ...(supersedes === undefined ? [] : [`in the place of report ${supersedes}`]),
  ];
}

function amendedWords(amended: readonly string[]): string {
  return amended.length > 0 ? `changed: ${amended.join(', ')}` : 'nothing that it states was changed';
}
