import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareMembers } from '@tracecal/gateway-client/application';
import { GateWorld } from '../../support/gateWorld.js';
import { later } from '../../support/hierarchy.js';
import { removeTemporaryFolders } from '../../support/temporaryFolder.js';

describe("Comparing members' change logs", () => {
  after(removeTemporaryFolders);
  let world: GateWorld;
  let roots: readonly string[];

  before(async () => {
    world = await GateWorld.of();
    await world.sealed();
    cpSync(world.path('log'), world.path('same'), { recursive: true });
    cpSync(world.path('log'), world.path('cut'), { recursive: true });
    const epochs = world.path('cut/epochs');
    const newest = readdirSync(epochs).sort().at(-1) ?? assert.fail();
    writeFileSync(
      join(epochs, newest),
      readFileSync(join(epochs, newest), 'utf8').replace(/[0-9a-f]{64}/, '0'.repeat(64)),
    );
    roots = (JSON.parse(readFileSync(world.path('trust.json'), 'utf8')) as { roots: { sha256: string }[] }).roots.map(
      ({ sha256 }) => sha256,
    );
  });

  const compared = (names: readonly string[], evidence: string) =>
    compareMembers(
      names.map((name) => ({ member: name, log: { folder: world.path(name) } })),
      evidence,
      { roots, asOf: later(world.ledger.now, 60) },
    );

  it('leaves no folder behind where they agree', async () => {
    const { contradicts } = await compared(['log', 'same'], world.path('evidence'));
    assert.deepEqual([contradicts, existsSync(world.path('evidence'))], [false, false]);
  });

  it('takes a new folder for evidence, and touches no other', async () => {
    mkdirSync(world.path('precious'));
    writeFileSync(world.path('precious/letter'), 'dear');
    await assert.rejects(compared(['log', 'same'], world.path('precious')), {
      code: 'FILE_UNWRITABLE',
      message: /precious exists already: name a new folder\./,
    });
    assert.equal(readFileSync(world.path('precious/letter'), 'utf8'), 'dear');
  });

  it('says why in the folder, also of logs that others have published', async () => {
    const { contradicts } = await compared(['log', 'cut'], world.path('contrary'));
    assert.equal(contradicts, true);
    assert.ok(existsSync(world.path('contrary/why.json')));
  });
});
