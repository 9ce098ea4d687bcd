import { RegistryError } from '@tracecal/core/model';

/** What something gives, or why the registry's rules refuse it. */
export function attempt<T>(work: () => T): T | RegistryError {
  try {
    return work();
  } catch (error) {
    if (error instanceof RegistryError) {
      return error;
    }
    throw error;
  }
}
