import type { Instant } from '@tracecal/core/model';
import type { Period } from '@tracecal/gateway-client';
import type { Command } from 'commander';
import * as parse from '../parse.js';

export interface SiteOptions {
  readonly site?: string;
}

export interface PeriodOptions extends SiteOptions {
  readonly from?: Instant;
  readonly to?: Instant;
}

/** The site of a command on the measurement or monitoring level. */
export function siteOption(command: Command): Command {
  return command.option('--site <site>', 'the site: a of measurement-a (default: the only one that you have)');
}

/** The site and the period. */
export function periodOptions(command: Command): Command {
  return siteOption(command)
    .option('--from <date>', 'the first day, or moment, to look at (default: the beginning)', parse.effectiveFrom)
    .option('--to <date>', 'the last one (default: now)', parse.asOf);
}

export function periodOf({ from, to }: PeriodOptions): Period {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}
