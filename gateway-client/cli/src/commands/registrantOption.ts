import type { TraceCal } from '@tracecal/gateway-client';

/**
 * Whose registrations a list shows. Nothing would be found of a misspelt organisation, whatever there is: that is no answer.
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
