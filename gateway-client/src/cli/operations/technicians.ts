import { newTechnicianSchema } from '@tracecal/chaincode/model';
import type { Announced } from '../../client/index.js';
import { refuseRegistered } from '../ifThere.js';
import type { Session } from '../session.js';
import { requireShape } from './shape.js';

export interface TechnicianSpec {
  readonly id: string;
  readonly organisation: string;
  /** Kinds of quantity that he may sign for. */
  readonly quantities: readonly string[];
}

/** Makes a technician's key and certificate and registers him. */
export async function addTechnician(session: Session, spec: TechnicianSpec): Promise<Announced> {
  const { id, organisation, quantities } = spec;
  await refuseRegistered('technician', id, (await session.reader()).getTechnician(id));
  const wanted = { id, organisation, quantities: [...quantities] };
  requireShape(newTechnicianSchema, 'technician', wanted);
  const certificate = await session.keys.technician(id, organisation);
  const writer = await session.writerFor(organisation);
  return writer.createTechnician({ ...wanted, certificate });
}
