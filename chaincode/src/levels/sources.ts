import type { OrganisationSummary } from '@tracecal/core/contracts';
import { RegistryError } from '@tracecal/core/model';
import type { OrganisationKind } from '@tracecal/core/model';
import { impedimentOf } from '@tracecal/core/trace';
import type { Caller, LedgerReader, Source } from '../contract/index.js';

// Names are part of the contracts, not of their configuration. Otherwise endorsers with different configurations would query
// different channels and give the results the same name.

/** The registry of the calibration level. A consortium has exactly one. */
export const REGISTRY: Source = { channel: 'calibration', chaincode: 'registry', contract: 'registry' };

const MONITORING = 'monitoring-';
const MEASUREMENT = 'measurement-';

/** The measurement compartment of the same site: `measurement-a` for `monitoring-a`. @throws RegistryError `WRONG_REGISTRY` */
export function measurementBeside(channel: string): Source {
  if (!channel.startsWith(MONITORING)) {
    throw new RegistryError(
      'WRONG_REGISTRY',
      `channel ${channel} is not a monitoring channel; expected ${MONITORING}<site>.`,
    );
  }
  const site = channel.slice(MONITORING.length);
  return { channel: `${MEASUREMENT}${site}`, chaincode: 'measurement', contract: 'measurement' };
}

/**
 * Requires that the caller's MSP belongs to an organisation of this kind that the calibration level registered, and that
 * this peer's copy of the registry shows it neither revoked nor suspended. A channel also admits the administrators of its
 * readers (to approve chaincode definitions), and every organisation's own CA issues roles: neither may be enough to write
 * at a level.
 *
 * @returns The ids of these organisations; usually there is one.
 * @throws RegistryError `NOT_AUTHORISED` or `STANDING_INVALID`
 */
export async function requireKind(
  state: LedgerReader,
  { mspId }: Caller,
  kind: OrganisationKind,
): Promise<readonly string[]> {
  const answer = await state.ask(REGISTRY, 'getOrganisationsOfMsp', mspId);
  const organisations = (JSON.parse(answer) as readonly OrganisationSummary[]).filter((each) => each.kind === kind);
  const [first] = organisations;
  if (!first) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `a caller of ${mspId} may not write here: no organisation of kind ${kind} is registered with this MSP. Register it first.`,
    );
  }
  if (first.impediment && organisations.every((each) => each.impediment)) {
    throw new RegistryError('STANDING_INVALID', impedimentOf(`organisation ${first.id}`, first.impediment));
  }
  return organisations.filter((each) => !each.impediment).map(({ id }) => id);
}
