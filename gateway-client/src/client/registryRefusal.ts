import { printable, REGISTRY_ERROR_CODES } from '@tracecal/core/model';
import type { RegistryErrorCode } from '@tracecal/core/model';
import { TraceCalError, clientError } from './errors.js';

// A peer puts "chaincode response <status>, " before the chaincode's message.
const CHAINCODE_RESPONSE = /chaincode response \d+, (.*)$/s;
const CODED = /^(?:\w*Error: )?([A-Z][A-Z_]*): (.*)$/s;

/** The registry's own refusal within a peer's error, or undefined if the error does not come from a chaincode. */
export function registryRefusal(reported: string, cause: unknown, txId: string | undefined): TraceCalError | undefined {
  const said = CHAINCODE_RESPONSE.exec(reported)?.[1];
  if (said === undefined) {
    return undefined;
  }
  const [, code = '', sentence = ''] = CODED.exec(said) ?? [];
  return isRegistryCode(code)
    ? new TraceCalError(code, printable(sentence), { cause, txId })
    : clientError('CHAINCODE_ERROR', said, { cause, txId });
}

function isRegistryCode(code: string): code is RegistryErrorCode {
  return (REGISTRY_ERROR_CODES as readonly string[]).includes(code);
}
