import { CLI_ERRORS, CliError, EXIT, exitOfError } from '@tracecal/cli';
import { REGISTRY_ERROR_CODES } from '@tracecal/core/model';
import { CLIENT_ERRORS, TraceCalError } from '@tracecal/gateway-client';
import type { TraceCalErrorCode } from '@tracecal/gateway-client';
import { APPLICATION_ERRORS, ApplicationError } from '@tracecal/gateway-client/application';
import type { GoldenCodes } from './fixtures.js';

/** Every error code, by who raises it, with the exit code of a command that it ends; and what exit codes are called. */
export function codesNow(): GoldenCodes {
  const client = (code: TraceCalErrorCode): Error => new TraceCalError(code, 'It failed.');
  return {
    registry: exits(REGISTRY_ERROR_CODES, client),
    client: exits(namesOf(CLIENT_ERRORS), client),
    application: exits(namesOf(APPLICATION_ERRORS), (code) => new ApplicationError(code)),
    commandLine: exits(namesOf(CLI_ERRORS), (code) => new CliError(code)),
    exits: EXIT,
  };
}

function exits<Code extends string>(codes: readonly Code[], errorOf: (code: Code) => Error): Record<string, number> {
  return Object.fromEntries([...codes].sort().map((code) => [code, exitOfError(errorOf(code))]));
}

function namesOf<Code extends string>(table: Readonly<Record<Code, unknown>>): readonly Code[] {
  return Object.keys(table) as Code[];
}
