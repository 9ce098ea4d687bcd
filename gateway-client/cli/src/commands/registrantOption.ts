import type { TraceCal } from '@tracecal/gateway-client';

/**
 * The organisation whose registrations a list shows. A misspelt organisation would always give an empty list, so it is an error.
 *
 * @throws TraceCalError `NOT_FOUND` if the organisation is not registered
 */
export async function registrantOption(
  reader: Pick<TraceCal, 'getOrganisation'>,
  organisation: string | undefined,
): Promise<{ readonly registrant?: string }> {
  if (organisation === undefined) {
    return {};
  }
  await reader.getOrganisation(organisation);
  return { registrant: organisation };
}
