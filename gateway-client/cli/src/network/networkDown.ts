import { existsSync, realpathSync } from 'node:fs';
import type { TraceCalError } from '@tracecal/gateway-client';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { lastHolder, networkStatus } from '@tracecal/network/control';
import type { DataDirectory } from '../data/dataDirectory.js';
import { word } from '../text/quoted.js';

/** Error: nothing runs on this data directory. Names the network of the original if the directory is a copy. */
export async function nothingRuns({ root }: DataDirectory, remedy = ''): Promise<string> {
  const original = await runningOriginal(root);
  return original === undefined
    ? `No network is running in ${root}${remedy}.`
    : `No network is running in ${root}: it is a copy of ${original}, whose network runs on.`;
}

/** Error: no network runs on this data directory. Says how to start one. */
export async function networkDown(data: DataDirectory): Promise<ApplicationError> {
  const remedy = data.isOfMember
    ? `, and none was ever started there. Whether one answers that runs elsewhere, ${doctorOf(data)} shows`
    : `: start one with ${upOf(data)}`;
  return new ApplicationError('NETWORK_DOWN', await nothingRuns(data, remedy));
}

/** Error: the network of a data directory is starting or stopping. */
export function networkBusy({ root }: DataDirectory, state: 'starting' | 'stopping'): ApplicationError {
  const when = state === 'starting' ? 'when it runs' : 'when it has stopped, after `tracecal up`';
  return new ApplicationError('NETWORK_DOWN', `The network in ${root} is ${state}: try again ${when}.`);
}

/** A copied directory still names the process of the original. */
async function runningOriginal(root: string): Promise<string | undefined> {
  const holder = lastHolder(root);
  if (holder === undefined || !existsSync(root) || holder.directory === realpathSync(root)) {
    return undefined;
  }
  const running = await networkStatus(holder.directory).catch(() => undefined);
  return running?.pid === holder.pid ? holder.directory : undefined;
}

/** Error: this network cannot be reached. For users who never ran it here, says what is missing. */
export function notReachable(data: DataDirectory, organisation: string): ApplicationError {
  const { root } = data;
  const profile = `the connection profile of ${organisation} (its connection-….json)`;
  return new ApplicationError(
    'NETWORK_DOWN',
    data.isOfMember
      ? `${root} leads to no network: put consortium.yaml and ${profile} of the network there, or give the profile with --profile.`
      : `No network was started in ${root}: start one there with ${upOf(data)}. To reach one that runs elsewhere, give ${profile} with --profile.`,
  );
}

/** Error: identities of others are in this data directory, and none of this organisation. */
export function noIdentity({ root }: DataDirectory, organisation: string, here: readonly string[]): ApplicationError {
  return new ApplicationError(
    'KEYS_MISSING',
    `No identity of ${organisation} is in ${root}; here are: ${here.join(', ')}. Name one of them with --as (or TRACECAL_AS), or give the connection profile of ${organisation} with --profile.`,
  );
}

/** Error: nothing answers at the address of a gateway. Says what to do. */
export function unreachable(cause: TraceCalError, remedy: string): ApplicationError {
  const said = cause.detail ?? cause.message;
  return new ApplicationError('NETWORK_DOWN', `${said}${said.endsWith('.') ? '' : '.'} ${remedy}`, { cause });
}

/** What to do if the network of a data directory does not answer. */
export function remedyHere(data: DataDirectory, isRunning: boolean): string {
  const { root } = data;
  if (data.isOfMember) {
    return `The network runs elsewhere: ask its operator, or see ${doctorOf(data)}.`;
  }
  return isRunning
    ? `The network of ${root} is running: try again, or see \`tracecal status --data ${word(root)}\`.`
    : `Start the network of ${root} with ${upOf(data)}.`;
}

function upOf({ root }: DataDirectory): string {
  return `\`tracecal up --data ${word(root)}\``;
}

function doctorOf({ root }: DataDirectory): string {
  return `\`tracecal doctor --data ${word(root)}\``;
}
