import type { Session } from '../session/session.js';
import { firstInstitute } from './organisations.js';

/** In whose name an organisation is accredited: whom the user acts as, or its certifier; of an institute an institute. */
export async function accreditorOf(session: Session, organisation: string): Promise<string> {
  const { certifier } = await (await session.reader()).getOrganisation(organisation);
  return session.actor ?? certifier ?? (await firstInstitute(session));
}
