import { CLIENT_ERRORS } from '@tracecal/gateway-client';
import type { TraceCalError } from '@tracecal/gateway-client';
import { ApplicationError } from '@tracecal/gateway-client/application';
import type { DataDirectory } from '../data/dataDirectory.js';

/** That no network runs on a data directory. */
export function nothingRuns({ root }: DataDirectory): ApplicationError {
  return new ApplicationError('NETWORK_DOWN', `No network is running in ${root}: start one with \`tracecal up --data ${root}\`.`);
}

/** What is missing to reach a network, for those who never ran it here. */
export function notReachable({ root }: DataDirectory, organisation: string): ApplicationError {
  return new ApplicationError(
    'NETWORK_DOWN',
    `No network was started in ${root}: start one there with \`tracecal up --data ${root}\`. To reach one that runs elsewhere, give the connection profile of ${organisation} (its connection-….json) with --profile.`,
  );
}

/** That nothing answers at the address of a gateway, and what to do about it. */
export function unreachable(cause: TraceCalError, remedy: string): ApplicationError {
  const said = cause.message.replace(CLIENT_ERRORS.UNAVAILABLE, '').trim();
  return new ApplicationError('NETWORK_DOWN', `${said}${said.endsWith('.') ? '' : '.'} ${remedy}`, { cause });
}
