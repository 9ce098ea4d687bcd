import assert from 'node:assert/strict';
import { heartbeat } from '@tracecal/gateway-client/application';
import { massScope } from '../../support/hierarchy.js';
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
});
