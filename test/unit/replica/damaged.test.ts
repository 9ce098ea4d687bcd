import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import { TraceCalError } from '@tracecal/gateway-client';
import { connect, Follower, type Place } from '@tracecal/gateway-client/replica';
import type { DefinedChaincode } from '@tracecal/ledger/validation';
import { ClassicLevel } from 'classic-level';
import { presentDates } from '../../support/hierarchy.js';
import { runs } from '../../support/property.js';
import { Random } from '../../support/random.js';
import { FakePeer } from '../../support/replica/fakePeer.js';
import { sharedChain } from '../../support/replica/sharedChain.js';
import { runSeed } from '../../support/seed.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

/** The kinds of files of a replica's database. */
const FILES = {
  'the name of its newest list': /^CURRENT$/,
  'its list of tables': /^MANIFEST-/,
  'its newest blocks': /\.log$/,
  'its tables': /\.ldb$/,
} as const;

type Damage = (path: string, random: Random) => void;

const DAMAGES: Readonly<Record<string, Damage>> = {
  'a changed byte': (path, random) => {
    const bytes = readFileSync(path);
    if (bytes.length > 0) bytes[random.between(0, bytes.length - 1)]! ^= 1 << random.between(0, 7);
    writeFileSync(path, bytes);
  },
  'a changed stretch': (path, random) => {
    const bytes = readFileSync(path);
    const from = random.between(0, Math.max(0, bytes.length - 1));
    bytes.fill(random.between(0, 255), from, Math.min(bytes.length, from + random.between(1, 4096)));
    writeFileSync(path, bytes);
  },
  'a lost end': (path, random) => {
    truncateSync(path, random.between(0, Math.max(0, readFileSync(path).length - 1)));
  },
  'a lost file': (path) => {
    rmSync(path);
  },
};

describe('A replica whose files were damaged', function () {
  this.timeout(240_000);
  const random = new Random(runSeed);
  let blocks: readonly Uint8Array[];
  let definitions: readonly DefinedChaincode[];
  let sensor: string;
  let whole: string;
  let sound: { readonly verdict: string; readonly place: Place };

  const peer = (count = blocks.length) => new FakePeer('nmi-north', blocks.slice(0, count));

  async function follow(replica: string, count?: number): Promise<Place> {
    const follower = new Follower({ replica, peers: [peer(count)], definitions, patienceMs: 300 });
    try {
      return await follower.catchUp();
    } finally {
      await follower.close();
    }
  }

  async function answer(replica: string): Promise<{ readonly verdict: string; readonly place: Place }> {
    const reader = await connect({ replica });
    try {
      const place = await reader.place();
      return { place, verdict: canonicalJson(await reader.traceCal(sensor, { asOf })) };
    } finally {
      await reader.close();
    }
  }
  let asOf: string;

  /** A name that was damaged is a record that is missed: no checksum shows that, and it makes no verdict better here. */
  function requireNothingNew(verdict: string, told: string): void {
    const { status } = JSON.parse(verdict) as Verdict;
    assert.ok(verdict === sound.verdict || status === 'INCOMPLETE' || status === 'FAILED', `${told}: ${verdict}`);
  }

  before(async () => {
    const chain = await sharedChain();
    ({ blocks, definitions } = chain);
    const { hierarchy } = chain.registry;
    sensor = hierarchy.idOf('device', 'sensor-a');
    asOf = presentDates().asOf;
    whole = temporaryFolder();
    // Opened several times, so that it has tables and a log.
    for (const part of [0.4, 0.8, 1]) await follow(whole, Math.ceil(part * blocks.length));
    sound = await answer(whole);
  });

  after(removeTemporaryFolders);

  it('is not asked once a bit of what it read was changed', async () => {
    const folder = join(temporaryFolder(), 'replica');
    cpSync(whole, folder, { recursive: true });
    const database = new ClassicLevel<Buffer, Buffer>(join(folder, 'state'), {
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
    });
    let changed = 0;
    for await (const [key, value] of database.iterator()) {
      if (!value.includes(sensor)) continue;
      value[random.between(0, value.length - 1)]! ^= 1 << random.between(0, 7);
      await database.put(key, value);
      changed += 1;
    }
    await database.close();
    assert.ok(changed > 0);
    await assert.rejects(
      answer(folder),
      (error) =>
        error instanceof TraceCalError &&
        error.code === 'REPLICA_DAMAGED' &&
        error.message.includes(
          'move its folder away and follow the channel anew. An entry of its state is not what was written',
        ),
    );
  });

  for (const [what, pattern] of Object.entries(FILES)) {
    for (const [how, damage] of Object.entries(DAMAGES)) {
      it(`answers the same or says what to do: ${how} in ${what}`, async () => {
        for (let time = 0; time < runs(1); time += 1) {
          const folder = join(temporaryFolder(), 'replica');
          cpSync(whole, folder, { recursive: true });
          const files = readdirSync(join(folder, 'state')).filter((name) => pattern.test(name));
          assert.ok(files.length > 0, what);
          const file = files[random.between(0, files.length - 1)]!;
          damage(join(folder, 'state', file), random);
          const told = `${file}, time ${time}, seed ${runSeed}`;
          const isKnown = (error: unknown) => {
            assert.ok(error instanceof TraceCalError, `${told}: ${String(error)}`);
            assert.match(error.code, /^REPLICA_(?:DAMAGED|MISSING)$/, `${told}: ${error.message}`);
          };
          try {
            const found = await answer(folder);
            if (found.place.height === sound.place.height) requireNothingNew(found.verdict, told);
          } catch (error) {
            isKnown(error);
          }
          try {
            assert.deepEqual(await follow(folder), sound.place, told);
            requireNothingNew((await answer(folder)).verdict, told);
          } catch (error) {
            isKnown(error);
          }
        }
      });
    }
  }
});
