import type { Instant } from '@tracecal/core/model';
import type { TraceQuestion } from '@tracecal/gateway-client';
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
  return command
    .option('--quantity <word>', 'the kind of quantity that you need it for (default: all)', parse.quantity)
    .option(
      '--as-of <date>',
      'the moment that the question is about, e.g. 2026-03-01, or 7d for a week ago',
      parse.asOf,
    )
    .option('--known-at <date>', 'only what the ledger held by then (default: what is known today)', parse.asOf)
    .option('--interval <days>', "your own recalibration interval for it, instead of its owner's", parse.days)
    .option(
      '--at <place>',
      'judge only the rows around a value in the unit of the result, around arguments, or both, e.g. 20 or 10,frequency=50',
      parse.at,
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
