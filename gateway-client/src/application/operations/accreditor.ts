import type { Session } from '../session/session.js';
import { firstInstitute } from './organisations.js';

/** The organisation that grants an accreditation: the one that the user acts as, or the certifier; for an institute, an institute. */
export async function accreditorOf(session: Session, organisation: string): Promise<string> {
  const { certifier } = await (await session.reader()).getOrganisation(organisation);
  return session.actor ?? certifier ?? (await firstInstitute(session));
}
