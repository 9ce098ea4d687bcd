import type { Session } from '../session.js';
import { beat } from '../operations/heartbeats.js';
import { addOrganisation } from '../operations/organisations.js';
import { addTechnician } from '../operations/technicians.js';
import { CAST } from './cast.js';
import type { Player } from './cast.js';
import type { Evidence } from './story.js';

/** Registers the cast: each organisation with its technician, and a sign of life of every institute. */
export async function registerCast(session: Session, step: (what: string) => void): Promise<readonly Evidence[]> {
  const evidence: Evidence[] = [];
  for (const player of CAST) {
    step(`Registering ${player.id}`);
    evidence.push(...(await register(session, player)));
  }
  for (const { technician, certifiedBy, id } of CAST) {
    if (certifiedBy === null) {
      evidence.push({ what: `heartbeat of ${id}`, committed: await beat(session, technician) });
    }
  }
  return evidence;
}

async function register(session: Session, player: Player): Promise<readonly Evidence[]> {
  const { id, certifiedBy, scopes, technician, quantities } = player;
  const organisation = await addOrganisation(session, { id, scopes, ...(certifiedBy !== null && { certifiedBy }) });
  const person = await addTechnician(session, { id: technician, organisation: id, quantities });
  return [
    { what: `organisation ${id}`, committed: organisation },
    { what: `technician ${technician}`, committed: person },
  ];
}
