import { dateOf, newTechnicianSchema, parseAs, RegistryError } from '../model/index.js';
import type { NewTechnician, OrganisationFile, Technician } from '../model/index.js';
import { readCertificate } from '../signing/index.js';
import { certifiedBy } from '../trace/index.js';
import { EVENTS } from './api.js';
import type { Announcement } from './api.js';
import { certificationChain } from './caller.js';
import type { Caller } from './caller.js';
import { keys } from './keys.js';
import { requireLanes } from './lanes.js';
import { refuseRemarks } from './refusal.js';
import { required } from './state.js';
import type { StateWriter } from './state.js';

/** Registers a technician, whom his organisation's calibration key has certified, in its roster. */
export async function createTechnician(state: StateWriter, caller: Caller, json: string): Promise<Announcement> {
  caller.requireRole('registrar');
  const wanted = parseAs<NewTechnician>(newTechnicianSchema, 'technician', json);
  const { id, organisation, certificate, quantities } = wanted;
  if (await state.technician(id)) {
    throw new RegistryError('ALREADY_EXISTS', `technician ${id} is registered already.`);
  }
  const [file, ...above] = await certificationChain(state, organisation);
  const own = await required('organisation', organisation, file);
  caller.actsFor([own, ...above], state.now);
  const certificateSha256 = readCertificate(certificate, 'technician').sha256;
  const changed: OrganisationFile = {
    ...own,
    technicians: { ...own.technicians, [id]: { certificateSha256, quantities, statements: [] } },
  };
  const chain = { organisations: [changed, ...above], missing: null };
  refuseRemarks('CERTIFICATE_INVALID', certifiedBy(chain, id, certificate, dateOf(state.now), true));

  const technician: Technician = { ...wanted, registered: state.stamp };
  await requireLanes(state, [own.organisation.mspId]);
  await state.write(keys.technician(id), technician);
  const remedy = `have ${organisation} certify a further organisation for its next technicians`;
  await state.writeGrown(keys.organisation(organisation), changed, remedy);
  return state.announce({ type: EVENTS.technicianCreated, id });
}
