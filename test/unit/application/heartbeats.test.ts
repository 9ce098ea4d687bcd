import assert from 'node:assert/strict';
import { heartbeat } from '@tracecal/gateway-client/application';
import { later, massScope } from '../../support/hierarchy.js';
import { MemoryWorld } from '../../support/memorySession.js';

describe('A heartbeat', () => {
  const { now } = Date;

  afterEach(() => {
    Date.now = now;
  });

  it('is given however many epochs were sealed that nobody signed', async () => {
    const world = await MemoryWorld.found([massScope()], [massScope()]);
    const session = world.session();
    await world.seal(230);
    Date.now = () => Date.parse(world.now);
    const first = await heartbeat(session);
    assert.equal(first.epoch, 229);
    assert.equal(first.beats.length, 1);
    assert.deepEqual(
      { epoch: first.epoch, digest: first.digest },
      await (await session.reader()).getEpochDigest(229).then(({ epoch, digest }) => ({ epoch, digest })),
    );
    await world.seal(150);
    Date.now = () => Date.parse(world.now);
    assert.equal((await heartbeat(session)).epoch, 379);
  });

  it('names the epoch that it does not cover, because that is too young to be sealed', async () => {
    const world = await MemoryWorld.found([massScope()], [massScope()]);
    const session = world.session();
    await world.seal(1);
    const opened = world.now;
    Date.now = () => Date.parse(opened);
    const due = later(opened, 60);
    const early = await heartbeat(session);
    assert.deepEqual([early.epoch, early.sealed, early.uncovered], [0, null, { epoch: 1, opened, due }]);
  });

  it('is an institute’s: whoever acts as another organisation is told so', async () => {
    const session = (await MemoryWorld.found([massScope()], [massScope()])).session();
    await assert.rejects(heartbeat(Object.assign(session, { actor: 'lab-alpha' })), {
      code: 'USAGE',
      message: /lab-alpha is none: act as one of nmi-north\./,
    });
  });
});
