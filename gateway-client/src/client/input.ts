import { RegistryError } from '@tracecal/core/model';
import { TraceCalError } from './errors.js';

/** Runs one of the registry's own checks in the client, so that invalid input is refused before it is sent. */
export function inputOf<T>(check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (cause instanceof RegistryError) {
      throw new TraceCalError(cause.code, cause.message.slice(cause.code.length + 2), { cause });
    }
    throw cause;
  }
}
