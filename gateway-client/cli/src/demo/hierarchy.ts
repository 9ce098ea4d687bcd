import type { Item } from '@tracecal/gateway-client';
import {
  accreditationItem,
  firstInstitute,
  officerOf,
  organisationItems,
  personItem,
  register,
} from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import type { Player } from './cast.js';
import type { Evidence } from './story.js';

/** Registers the cast, whose institutes have founded the registry already: each organisation with its people and accreditation. */
export async function registerCast(
  session: Session,
  cast: readonly Player[],
  step: (what: string) => void,
): Promise<readonly Evidence[]> {
  const evidence: Evidence[] = [];
  for (const player of cast) {
    step(`Registering ${player.id}`);
    for (const { what, item } of await statementsOf(session, player)) {
      evidence.push({ what, committed: await register(session, item) });
    }
  }
  return evidence;
}

interface Step {
  readonly what: string;
  readonly item: Item;
}

function grantOf(lines: Player['scopes']) {
  return { body: null, number: null, lines: [...lines] };
}

async function statementsOf(session: Session, player: Player): Promise<readonly Step[]> {
  const { id, certifiedBy, scopes, technician, quantities } = player;
  const joining =
    certifiedBy === null
      ? [await accreditationItem(session, id, await firstInstitute(session), grantOf(scopes))]
      : await organisationItems(session, { id, certifiedBy, ...(scopes.length > 0 && { scopes: grantOf(scopes) }) });
  const names =
    certifiedBy === null
      ? [`accreditation of ${id}`]
      : [`organisation ${id}`, `officer ${officerOf(id)}`, `accreditation of ${id}`];
  const person = await personItem(session, { role: 'technician', id: technician, organisation: id, quantities });
  return [
    ...joining.map((item, place) => ({ what: names[place] ?? id, item })),
    { what: `technician ${technician}`, item: person },
  ];
}
