import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import { REVOCATION_REASONS, SUBJECT_KINDS } from '@tracecal/chaincode/model';
import type { Instant, RevocationReason, StandingAction, SubjectKind } from '@tracecal/chaincode/model';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { changeStanding } from '../operations/standing.js';
import { effectiveFrom } from '../parse.js';
import { withSession } from '../session.js';
import { committedJson, committedLine } from '../view/committed.js';

interface Options {
  readonly reason: RevocationReason;
  readonly effective?: Instant;
}

const DONE: Readonly<Record<StandingAction, string>> = {
  revoke: 'is revoked',
  suspend: 'is suspended',
  reinstate: 'is reinstated',
};

const DESCRIPTIONS: Readonly<Record<StandingAction, string>> = {
  revoke: 'Revoke a report, device, technician or organisation. This is for good.',
  suspend: 'Suspend a report, device, technician or organisation.',
  reinstate: 'Lift a suspension.',
};

/** `revoke`, `suspend` and `reinstate`: one statement with three meanings. */
export function standing(action: StandingAction, host: Host): Command {
  return commandOf<Options>(
    {
      usage: action,
      description: DESCRIPTIONS[action],
      example: `${action} device PRT-2231 --reason out-of-tolerance`,
      configure: (command) =>
        command
          .addArgument(new Argument('<kind>', 'of what').choices(SUBJECT_KINDS))
          .argument('<id>')
          .addOption(new Option('--reason <reason>', 'why').choices(REVOCATION_REASONS).default('unspecified'))
          .option('--effective <date>', 'from when it holds, also in the past (default: now)', effectiveFrom),
      async run({ terminal, ...place }, [kind = '', id = ''], { reason, effective = null }) {
        const committed = await withSession(place, (session) =>
          changeStanding(session, action, { kind: kind as SubjectKind, id, reason, effective }),
        );
        const from = effective === null ? '' : ` from ${effective}`;
        terminal.result({ action, kind, id, reason, effective, ...committedJson(committed) }, (style) =>
          [`${style.green('✓')} ${kind} ${id} ${DONE[action]}${from}.`, committedLine(committed, style)].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
