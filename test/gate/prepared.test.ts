import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { GATE_OUTCOMES, runGate } from '@tracecal/gateway-client/device';
import { GateWorld, journalOf } from '../support/gateWorld.js';
import { later } from '../support/hierarchy.js';
import { removeTemporaryFolders } from '../support/temporaryFolder.js';

const SAYS = 'Traces over';
/** Of the same length: the engine itself would not see the difference. */
const OTHER = 'Tracks over';
const DIGEST_BYTES = 32;

describe('tracecal gate --prepare', function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);
  let world: GateWorld;
  let gates = 0;
  /** What `--prepare` keeps, and what it keeps of a gate with other words, without the digest. */
  let prepared: Buffer;
  let ofOtherWords: Buffer;

  before(async () => {
    world = await GateWorld.of();
    await world.bundle();
    await world.sealed();
    const [own, other] = [copied(), copied()];
    changed(other.gate);
    own.run('--prepare');
    other.run('--prepare');
    prepared = readFileSync(own.kept);
    ofOtherWords = readFileSync(other.kept).subarray(DIGEST_BYTES);
  });

  /** A gate of its own, as somebody copied it to a device. */
  function copied() {
    const [require = '', clock = '', built = ''] = world.program();
    gates += 1;
    const gate = world.path(`gate-${gates}.cjs`);
    copyFileSync(built, gate);
    const run = (...more: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [require, clock, gate, ...world.words(...more)], {
        encoding: 'utf8',
        env: world.environment(later(world.ledger.now, 60)),
      });
      return { code: status, stdout, stderr };
    };
    return { gate, kept: `${gate}.v8`, run };
  }

  /** Puts other words into the gate: what it says then tells which source runs. */
  function changed(gate: string): void {
    const text = readFileSync(gate, 'latin1');
    assert.ok(text.includes(SAYS));
    writeFileSync(gate, text.replaceAll(SAYS, OTHER), 'latin1');
  }

  /** What the owner of a gate could put beside it: compiled from other words, with the right digest. */
  function forged(gate: string): Buffer {
    const text = readFileSync(gate, 'latin1');
    const begin = '\n/*gate\n';
    const source = text.slice(text.lastIndexOf(begin) + begin.length, -'\n*/\n'.length);
    const digest = createHash('sha256').update(`(function(require,module,compiled){${source}\n})`, 'latin1');
    return Buffer.concat([digest.update(ofOtherWords).digest(), ofOtherWords]);
  }

  it('decides as without, and keeps what was compiled for later starts', () => {
    const { kept, run } = copied();
    const first = run('--json');
    assert.equal(existsSync(kept), false, 'a boot keeps nothing by itself');
    const preparing = run('--prepare', '--json');
    assert.equal(preparing.code, 0, preparing.stderr);
    assert.ok(statSync(kept).size > 100_000);
    assert.equal(statSync(kept).mode & 0o777, 0o644);
    for (const { code, stderr } of [preparing, run('--json')]) {
      assert.equal(code, first.code);
      assert.equal(journalOf({ stderr })['why'], journalOf(first)['why']);
    }
    assert.equal(run('--', 'sh', '-c', 'exit 7').code, 7);
  });

  it('keeps it for one gate: another of the same length runs as it is', () => {
    const { gate, kept, run } = copied();
    writeFileSync(kept, prepared, { mode: 0o644 });
    changed(gate);
    assert.match(journalOf(run())['why'] ?? '', /Tracks over/);
  });

  const damages: Readonly<Record<string, (kept: string) => void>> = {
    'is cut off': (kept) => {
      writeFileSync(kept, readFileSync(kept).subarray(0, 50_000));
    },
    'is empty': (kept) => {
      writeFileSync(kept, '');
    },
    'was changed': (kept) => {
      const bytes = readFileSync(kept);
      bytes.writeUInt8(bytes.readUInt8(60_000) ^ 1, 60_000);
      writeFileSync(kept, bytes);
    },
  };
  for (const [how, damage] of Object.entries(damages)) {
    it(`decides from its source where the kept file ${how}`, () => {
      const { kept, run } = copied();
      writeFileSync(kept, prepared, { mode: 0o644 });
      damage(kept);
      const { code, stderr } = run();
      assert.deepEqual([code, journalOf({ stderr })['outcome']], [0, 'open'], stderr);
    });
  }

  const strangers: Readonly<Record<string, (kept: string) => void>> = {
    'may be written by others': (kept) => {
      chmodSync(kept, 0o666);
    },
    'may be written by a group': (kept) => {
      chmodSync(kept, 0o664);
    },
    'belongs to somebody else': (kept) => {
      chownSync(kept, 65_534, 65_534);
    },
    'is a link': (kept) => {
      const elsewhere = `${kept}.elsewhere`;
      copyFileSync(kept, elsewhere);
      rmSync(kept);
      symlinkSync(elsewhere, kept);
    },
  };
  for (const [how, change] of Object.entries(strangers)) {
    it(`does not take a kept file that ${how}`, function () {
      if (how === 'belongs to somebody else' && process.getuid?.() !== 0) {
        this.skip();
      }
      const { gate, kept, run } = copied();
      writeFileSync(kept, forged(gate), { mode: 0o644 });
      assert.match(journalOf(run())['why'] ?? '', /Tracks over/);
      change(kept);
      assert.match(journalOf(run())['why'] ?? '', /Traces over/);
    });
  }

  it('runs no command', () => {
    const { kept, run } = copied();
    const { code, stdout, stderr } = run('--prepare', '--', 'echo', 'ran');
    assert.deepEqual([code, stdout], [GATE_OUTCOMES.broken, ''], stderr);
    assert.equal(existsSync(kept), false);
  });

  it('says so in the one line of the journal where it cannot be kept', () => {
    const { kept, run } = copied();
    mkdirSync(kept);
    const { code, stderr } = run('--prepare');
    assert.equal(code, GATE_OUTCOMES.broken);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.match(journalOf({ stderr })['why'] ?? '', /\.v8 cannot be written/);
  });

  it('refuses to keep what would never be taken, because somebody else owns the gate', function () {
    if (process.getuid?.() !== 0) {
      this.skip();
    }
    const { gate, kept, run } = copied();
    chownSync(gate, 65_533, 65_533);
    assert.equal(run('--prepare').code, 0, 'root may');
    rmSync(kept);
    chmodSync(dirname(gate), 0o777);
    const { status, stderr } = spawnSync(process.execPath, [gate, ...world.words('--prepare')], {
      encoding: 'utf8',
      uid: 65_534,
    });
    assert.equal(status, GATE_OUTCOMES.broken);
    assert.match(journalOf({ stderr })['why'] ?? '', /owner of the gate or to root/);
    assert.equal(existsSync(kept), false);
  });

  it('says where it cannot keep anything', async () => {
    const lines: string[] = [];
    const streams = { out: () => undefined, err: (text: string) => lines.push(text) > 0 };
    assert.equal(await runGate(world.words('--prepare'), streams), GATE_OUTCOMES.broken);
    assert.match(lines.join(''), /Only the gate as one file can be prepared/);
  });
});
