import { REVOCATION_REASONS } from '@tracecal/core/model';
import type { Instant, RevocationReason, Subject } from '@tracecal/core/model';
import { ApplicationError, consequencesOf, standingItem, subjectOf } from '@tracecal/gateway-client/application';
import type { Delivery, NamedKind, Session, Withdrawal } from '@tracecal/gateway-client/application';
import { Argument, Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { effectiveFrom } from '../parse.js';
import { withSession } from '../session.js';
import { consequencesText } from '../view/consequencesText.js';
import { reasonLines } from '../view/reasons.js';
import { execute, deliveryOptions } from './execute.js';
import type { Deed } from './execute.js';
import {
  confirmationIn,
  confirmationOptions,
  MOST_COUNTED,
  requireAskable,
  requireConfirmed,
  tellDryRun,
} from './confirmation.js';
import type { Confirmation } from './confirmation.js';
import { KIND_WORDS, kindOf } from './kinds.js';

type Action = Withdrawal['action'];

interface Options extends Delivery, Confirmation {
  readonly reason?: RevocationReason;
  readonly effective?: Instant;
}

interface Words {
  readonly done: string;
  readonly description: string;
  readonly question: string;
}

const WORDS: Readonly<Record<Action, Words>> = {
  revoke: {
    done: 'is revoked',
    description: 'Revoke a report, device, person or organisation. This is for good.',
    question: 'Revoke for good',
  },
  suspend: {
    done: 'is suspended',
    description:
      'Suspend a report, device, person or organisation. It can be lifted; what was done while it lasted stays invalid.',
    question: 'Suspend',
  },
};

/** `revoke` and `suspend`, signed by the organisation that imposes it. */
export function standing(action: Action, host: Host): Command {
  return commandOf<Options>(
    {
      usage: action,
      description: WORDS[action].description,
      example: `${action} device PRT-2231 --as lab-alpha --reason out-of-tolerance --dry-run`,
      configure: (command) =>
        confirmationOptions(
          deliveryOptions(
            subjectArguments(command).addOption(
              new Option('--reason <reason>', 'why: one of those below (required)').choices(REVOCATION_REASONS),
            ),
          ).option('--effective <date>', 'from when it holds, also in the past (default: now)', effectiveFrom),
        ).addHelpText('after', `\n${reasonLines()}`),
      async run(invocation, [word = '', given = ''], { reason: stated, effective = null, yes, dryRun, ...delivery }) {
        const reason = required(stated);
        const confirmation = confirmationIn({ yes, dryRun });
        requireAskable(invocation.terminal, confirmation);
        const withdrawal = (subject: Subject<NamedKind>) => ({ action, subject, reason, effective });
        if (dryRun) {
          return preview(invocation, async (session) => withdrawal(await subjectOf(session, given, [kindOf(word)])));
        }
        const prepare = async (session: Session): Promise<Deed> => {
          const subject = await subjectOf(session, given, [kindOf(word)]);
          const { kind, id } = subject;
          const from = effective === null ? '' : ` from ${effective}`;
          const isRevoked = action === 'revoke' && kind === 'organisation';
          const stillMember = isRevoked && session.consortium.organisations.some((member) => member.id === id);
          return {
            items: [await standingItem(session, action, { subject, reason, effective })],
            confirm: () =>
              requireConfirmed(invocation.terminal, confirmation, () => questionOf(session, withdrawal(subject))),
            document: { action, kind, id, reason, effective, ...(isRevoked && { stillMember }) },
            sentence: `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${id} ${WORDS[action].done}${from}.${stillMember ? membershipHint(id) : ''}`,
          };
        };
        // No time limit while a person answers.
        return execute(invocation, delivery, prepare, yes ? 'all' : 'each');
      },
    },
    host,
  );
}

/** What is revoked, suspended or reinstated. */
export function subjectArguments(command: Command): Command {
  return command.addArgument(new Argument('<kind>', 'of what').choices(KIND_WORDS)).argument('<id>');
}

function required(reason: RevocationReason | undefined): RevocationReason {
  if (reason === undefined) {
    throw new ApplicationError('USAGE', `Say why with --reason: ${REVOCATION_REASONS.join(', ')}.`);
  }
  return reason;
}

async function questionOf(session: Session, withdrawal: Withdrawal): Promise<string> {
  const { action, subject, reason } = withdrawal;
  const consequences = await consequencesOf(await session.reader(), withdrawal, MOST_COUNTED);
  return `${WORDS[action].question}: ${subject.kind} ${subject.id} (${reason}). ${consequencesText(consequences, withdrawal)}`;
}

async function preview(
  { terminal, ...place }: Invocation,
  withdrawalOf: (session: Session) => Promise<Withdrawal>,
): Promise<number> {
  const ask = async (session: Session) => {
    const asked = await withdrawalOf(session);
    terminal.progress('Asking which devices depend on it');
    return { withdrawal: asked, consequences: await consequencesOf(await session.reader(), asked) };
  };
  const { withdrawal, consequences } = await withSession(place, ask, 'each');
  const { action, subject, reason } = withdrawal;
  const { effective, failing, kept, isComplete } = consequences;
  const document = { action, ...subject, reason, effective, failing, kept, isComplete };
  return tellDryRun(terminal, document, consequencesText(consequences, withdrawal));
}

/** The registry stops counting an organisation's statements; its rights on the channels end only in the network. */
function membershipHint(id: string): string {
  return ` It keeps its rights on the channels until you run \`tracecal network remove-org ${id}\`, or apply a proposal without it where members run their own nodes.`;
}
