import assert from 'node:assert/strict';
import { newPersonItem, organisationItems } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import { MemoryWorld } from '../../support/memorySession.js';
import { removeTemporaryFolders } from '../../support/temporaryFolder.js';

const LAB = { id: 'lab-new', kind: 'LAB', name: 'New', country: 'DE', mspId: 'LabNewMSP' } as const;

describe('Devices and reports of an organisation that is not registered', () => {
  let session: Session;
  before(async () => {
    const own = (await MemoryWorld.found([], [])).session();
    session = Object.assign(own, { consortium: { organisations: [] } });
  });
  after(removeTemporaryFolders);

  it('is not made, and the organisation is named that has to be registered first', async () => {
    const missing = {
      code: 'NOT_REGISTERED',
      message: /organisation nmi-west first, with `tracecal org add nmi-west`/,
    };
    await assert.rejects(organisationItems(session, { ...LAB, certifiedBy: 'nmi-west' }), missing);
    const person = { role: 'technician', id: 'nmi-west/t-1', organisation: 'nmi-west', quantities: ['mass'] } as const;
    await assert.rejects(newPersonItem(session, person), missing);
  });

  it('is not certified by itself', async () => {
    await assert.rejects(organisationItems(session, { ...LAB, certifiedBy: 'lab-new' }), {
      code: 'USAGE',
      message: /lab-new cannot certify itself/,
    });
  });

  it('needs what the description of the consortium does not tell, and only that is asked for', async () => {
    const { id, kind, name, country } = LAB;
    const without = { id, kind, name, country, certifiedBy: 'nmi-north' };
    await assert.rejects(organisationItems(session, without), /give --msp as well/);
  });
});
