import { REVOCATION_REASONS } from '@tracecal/core/model';
import type { Instant, RevocationReason } from '@tracecal/core/model';
import { standingItem, subjectOf } from '@tracecal/gateway-client/application';
import type { Delivery, StandingAction } from '@tracecal/gateway-client/application';
import { Argument, Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { effectiveFrom } from '../parse.js';
import { carryOut, deliveryOptions } from './carryOut.js';
import { KIND_WORDS, kindOf } from './kinds.js';

interface Options extends Delivery {
  readonly reason: RevocationReason;
  readonly effective?: Instant;
}

const DONE: Readonly<Record<StandingAction, string>> = {
  revoke: 'is revoked',
  suspend: 'is suspended',
  reinstate: 'is reinstated',
};

const DESCRIPTIONS: Readonly<Record<StandingAction, string>> = {
  revoke: 'Revoke a report, device, person or organisation. This is for good.',
  suspend: 'Suspend a report, device, person or organisation.',
  reinstate: 'Lift a suspension.',
};

/** `revoke`, `suspend` and `reinstate`, signed in the name of the organisation that says it. */
export function standing(action: StandingAction, host: Host): Command {
  return commandOf<Options>(
    {
      usage: action,
      description: DESCRIPTIONS[action],
      example: `${action} device PRT-2231 --as lab-alpha${action === 'reinstate' ? '' : ' --reason out-of-tolerance'}`,
      configure: (command) => {
        const named = command.addArgument(new Argument('<kind>', 'of what').choices(KIND_WORDS)).argument('<id>');
        const reason = new Option('--reason <reason>', 'why').choices(REVOCATION_REASONS).default('unspecified');
        return deliveryOptions(action === 'reinstate' ? named : named.addOption(reason)).option(
          '--effective <date>',
          'from when it holds, also in the past (default: now)',
          effectiveFrom,
        );
      },
      run(invocation, [word = '', given = ''], { reason, effective = null, ...delivery }) {
        return carryOut(invocation, delivery, async (session) => {
          const subject = await subjectOf(session, given, [kindOf(word)]);
          const { kind, id } = subject;
          const from = effective === null ? '' : ` from ${effective}`;
          const isRevoked = action === 'revoke' && kind === 'organisation';
          const stillMember = isRevoked && session.consortium.organisations.some((member) => member.id === id);
          return {
            items: [await standingItem(session, action, { subject, reason, effective })],
            document: {
              action,
              kind,
              id,
              ...(action !== 'reinstate' && { reason }),
              effective,
              ...(isRevoked && { stillMember }),
            },
            sentence: `${kind} ${id} ${DONE[action]}${from}.${stillMember ? membershipHint(id) : ''}`,
          };
        });
      },
    },
    host,
  );
}

/** The registry says what an organisation's word is worth; its rights on the channels are the network's. */
function membershipHint(id: string): string {
  return ` It keeps its rights on the channels until you run \`tracecal network remove-org ${id}\`.`;
}
