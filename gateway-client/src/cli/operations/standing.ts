import type { StandingAction, StandingRequest } from '@tracecal/chaincode/model';
import type { Announced, TraceCal } from '../../client/index.js';
import type { Session } from '../session.js';

/** Revokes, suspends or reinstates, as the organisation that issued the thing unless the user says otherwise. */
export async function changeStanding(
  session: Session,
  action: StandingAction,
  request: StandingRequest,
): Promise<Announced> {
  const issuer = await issuerOf(await session.reader(), request);
  const writer = await session.writerFor(issuer);
  return writer[action](request);
}

async function issuerOf(reader: TraceCal, { kind, id }: StandingRequest): Promise<string> {
  switch (kind) {
    case 'report':
      return (await reader.getReport(id)).payload.organisation;
    case 'device':
      return (await reader.getDevice(id)).device.organisation;
    case 'technician':
      return (await reader.getTechnician(id)).organisation;
    case 'organisation': {
      const { organisation } = await reader.getOrganisation(id);
      return organisation.certifiedBy ?? organisation.id;
    }
  }
}
