import { instantOf } from '@tracecal/core/model';
import type { Trust } from '@tracecal/gateway-client';
import { ApplicationError, logFolder, readSeen, writeSeen } from '@tracecal/gateway-client/application';
import { USUAL_MAX_AGE_SECONDS } from '@tracecal/gateway-client/device';
import type { FreshnessAsked } from '@tracecal/gateway-client/proof/verify';
import type { Command } from 'commander';
import * as parse from '../parse.js';

/** Which change log tells whether anything has changed, and how recent it has to be. */
export interface FreshnessOptions {
  readonly log?: string;
  readonly maxAge?: number;
  readonly clock: boolean;
  readonly seen?: string;
}

/** As the gate has it. */
export const MAX_AGE_SECONDS = USUAL_MAX_AGE_SECONDS;

export function freshnessOptions(command: Command): Command {
  return command
    .option('--log <folder>', 'the change log (log export): whether anything has changed since the bundle was made')
    .option('--max-age <span>', 'how old the heartbeats may be that sign the log (default: 24h)', parse.span)
    .option('--seen <file>', 'remember here the newest log that was seen, and refuse older ones')
    .option('--no-clock', 'this machine has no clock to trust: judge no age, only what --seen remembers');
}

/** @throws ApplicationError `INPUT_INVALID` */
export async function freshnessAsked(
  { log, maxAge, clock, seen }: FreshnessOptions,
  { heartbeats: { k } }: Trust,
): Promise<FreshnessAsked | undefined> {
  if (log === undefined) {
    if (maxAge !== undefined || seen !== undefined || !clock) {
      throw new ApplicationError(
        'INPUT_INVALID',
        'How fresh a bundle is, the change log tells: name its folder with --log.',
      );
    }
    return undefined;
  }
  if (!clock && (seen === undefined || maxAge !== undefined)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      'Without a clock there is no age: name a file with --seen, and leave --max-age out.',
    );
  }
  return {
    log: logFolder(log),
    k,
    clock: clock ? { now: instantOf(Date.now()), maxAgeSeconds: maxAge ?? MAX_AGE_SECONDS } : null,
    seen: seen === undefined ? null : await readSeen(seen),
  };
}

/** Remembers the newest log that was seen, if that is wanted. */
export async function rememberSeen(
  { seen }: FreshnessOptions,
  found: FreshnessAsked['seen'] | undefined,
): Promise<void> {
  if (seen !== undefined && found) {
    await writeSeen(seen, found);
  }
}
