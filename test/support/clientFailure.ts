import { TraceCalError } from '@tracecal/gateway-client';
import type { TraceCalErrorCode } from '@tracecal/gateway-client';

/** For `assert.throws` and `assert.rejects`: a failure of the client with this code and a sentence. */
export function failsWith(code: TraceCalErrorCode, pattern = /\S/) {
  return (error: unknown): boolean =>
    error instanceof TraceCalError && error.code === code && pattern.test(error.message);
}
