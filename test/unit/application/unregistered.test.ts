import assert from 'node:assert/strict';
import { newStatement } from '@tracecal/gateway-client';
import { deviceItem, newPersonItem, organisationItems, sign } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import { massScope } from '../../support/hierarchy.js';
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

  it('is not waited for, as long as nobody can ever sign for it', async () => {
    const world = (await MemoryWorld.found([massScope()], [massScope()])).session();
    const missing = { code: 'NOT_REGISTERED', message: /organisation nobody first, with `tracecal org add nobody`/ };
    const device = { id: 'lab-alpha/d-1', kind: 'field', serial: '1', model: 'M', manufacturer: 'M' } as const;
    const spec = { ...device, technician: 'lab-alpha/t-alpha', owner: 'nobody' };
    await assert.rejects(deviceItem(world, spec), missing);
    const transfer = newStatement('transfer', {
      registry: await world.registry(),
      author: 'lab-alpha',
      number: 1,
      subject: { kind: 'device', id: 'lab-alpha/d-1' },
      body: { to: 'nobody', intervalDays: null },
    });
    await assert.rejects(sign(world, transfer), missing);
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
