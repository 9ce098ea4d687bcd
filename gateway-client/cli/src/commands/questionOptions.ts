import type { Instant } from '@tracecal/core/model';
import type { TraceQuestion } from '@tracecal/gateway-client';
import { Option } from 'commander';
import type { Command } from 'commander';
import * as parse from '../parse.js';

/** What is asked about a device, whoever is asked. */
export interface QuestionOptions {
  readonly quantity?: string;
  readonly asOf?: Instant;
  readonly knownAt?: Instant;
  readonly interval?: number;
  readonly at?: NonNullable<TraceQuestion['at']>;
}

export function questionOptions(command: Command): Command {
  return atOption(
    quantityOption(command)
      .option(
        '--as-of <date>',
        'the moment that the question is about, e.g. 2026-03-01, or 7d for a week ago',
        parse.asOf,
      )
      .option('--known-at <date>', 'only what the ledger held by then (default: what is known today)', parse.asOf)
      .option('--interval <days>', "your own recalibration interval for it, instead of its owner's", parse.days),
  );
}

export function quantityOption(command: Command): Command {
  return command.option(
    '--quantity <word>',
    'the kind of quantity that you need it for (default: all)',
    parse.quantity,
  );
}

export function atOption(command: Command): Command {
  return command.option(
    '--at <place>',
    'judge only the rows around a value in the unit of the result, around arguments, or both, e.g. 20 or 10,frequency=50',
    parse.at,
  );
}

/** How a verdict is shown, and which exit code it has. */
export function verdictOptions(command: Command): Command {
  return acceptOption(command.option('--explain', 'show what every check compared, also where it holds'));
}

/** What the asker accepts. */
export function acceptOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--accept <status>',
      "exit code 0 also for an ATTESTED verdict: you then accept somebody's word",
    ).choices(['attested']),
  );
}

export function askedBy({ quantity, asOf, knownAt, interval, at }: QuestionOptions): TraceQuestion {
  return {
    ...(quantity !== undefined && { quantity }),
    ...(asOf !== undefined && { asOf }),
    ...(knownAt !== undefined && { knownAt }),
    ...(interval !== undefined && { intervalDays: interval }),
    ...(at !== undefined && { at }),
  };
}
