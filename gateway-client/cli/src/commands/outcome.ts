import type { ContractClient, Outcome, TraceCalError } from '@tracecal/gateway-client';
import { ApplicationError, describeFailure, SITE_LEVELS } from '@tracecal/gateway-client/application';
import type { Session, SiteLevel } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT, exitOfError } from '../exit.js';
import { spellHints } from '../hint.js';
import { requireRunning } from '../network/runningNetwork.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { siteOption } from './siteOptions.js';
import type { SiteOptions } from './siteOptions.js';

const REGISTRY = 'calibration';

interface Options extends SiteOptions {
  readonly level: SiteLevel | typeof REGISTRY;
}

export function outcome(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'outcome <transaction>',
      description:
        'Outcome of a transaction, by its id: use it after OUTCOME_UNKNOWN. Exit code 0: committed, 7: refused, 3: not known yet, or not written and worth another try.',
      example: `outcome ${'5f'.repeat(32)}`,
      reads: true,
      configure: (command) =>
        siteOption(command).addOption(
          new Option('--level <level>', 'where it was submitted').choices([REGISTRY, ...SITE_LEVELS]).default(REGISTRY),
        ),
      async run({ terminal, ...place }, [txId = ''], options) {
        if (!/^[0-9a-f]{64}$/.test(txId)) {
          throw new ApplicationError(
            'INPUT_INVALID',
            'The id of a transaction has 64 hexadecimal digits: give all of them.',
          );
        }
        terminal.progress(`Asking for transaction ${txId}`);
        const found = await withSession(place, async (session) => (await clientFor(session, options)).outcome(txId));
        if (found.state === 'unknown' && place.profile === undefined) {
          await requireRunning(place.data);
        }
        terminal.result(document(found), (style) => describe(found, style));
        return exitOf(found);
      },
    },
    host,
  );
}

async function clientFor(session: Session, { level, site }: Options): Promise<ContractClient> {
  switch (level) {
    case 'calibration':
      return session.reader();
    case 'measurement':
      return session.measurement(session.siteChannel(level, site));
    case 'monitoring':
      return session.monitoring(session.siteChannel(level, site));
  }
}

function document(found: Outcome) {
  const { state, txId } = found;
  return {
    txId,
    state,
    blockNumber: state === 'committed' ? Number(found.blockNumber) : null,
    error: state !== 'committed' && found.error ? describeFailure(found.error) : null,
  };
}

function describe(found: Outcome, style: Style): string {
  switch (found.state) {
    case 'committed':
      return `${style.green('✓')} Committed in block ${String(found.blockNumber)}: do not do it again.`;
    case 'refused': {
      const { code, message } = describeFailure(found.error);
      return `${style.red('✗')} Refused, nothing was written: it may be done again. ${spellHints(message, style.hint)} [${code}]`;
    }
    case 'unknown':
      return `${style.yellow('?')} Not on the ledger yet: ask again before doing it again.${whyUnknown(found.error, style)}`;
  }
}

/** A wait without an answer says no more than the sentence before it. */
function whyUnknown(error: TraceCalError | undefined, style: Style): string {
  if (!error || error.code === 'TIMED_OUT') {
    return '';
  }
  const { code, message } = describeFailure(error);
  return ` ${spellHints(message, style.hint)} [${code}]`;
}

function exitOf(found: Outcome): number {
  switch (found.state) {
    case 'committed':
      return EXIT.yes;
    case 'refused':
      return exitOfError(found.error);
    case 'unknown':
      return EXIT.trouble;
  }
}
