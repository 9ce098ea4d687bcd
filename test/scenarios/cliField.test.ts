import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { VerdictStatus } from '@tracecal/core/trace';
import { PROGRAM } from '../support/commandLine.js';

interface FieldDocument {
  readonly boots: readonly { readonly device: string; readonly outcome: string; readonly started: boolean }[];
  readonly passage: { readonly filtered: Filtered };
  readonly anchored: readonly { readonly batch: { readonly channel: string; readonly root: string } }[];
  readonly proved: Proved;
  readonly bootsAfter: FieldDocument['boots'];
  readonly passageAfter: FieldDocument['passage'];
  readonly affected: readonly { readonly device: string; readonly supported: number; readonly unsupported: number }[];
  readonly provedAfter: Proved;
}

interface Filtered {
  readonly read: number;
  readonly passed: number;
  readonly dropped: Readonly<Record<string, number>>;
}

interface Proved {
  readonly measurement: { readonly value: number; readonly sequence: number };
  readonly root: string;
  readonly anchored: boolean;
  readonly status: VerdictStatus;
}

describe('tracecal demo --field', function () {
  this.timeout(180_000);

  it('lets instruments boot, measure and be checked, and refuses one and its values when its standard falls', () => {
    const { status, stdout } = run('--json');
    assert.equal(status, 0);
    const story = JSON.parse(stdout) as FieldDocument;
    const outcomes = (boots: FieldDocument['boots']) => boots.map(({ device, outcome }) => [device, outcome]);
    assert.deepEqual(outcomes(story.boots), [
      ['oem-a/TT20-10233', 'open'],
      ['oem-b/WM2-00451', 'open'],
    ]);
    assert.deepEqual(story.passage.filtered, {
      read: 42,
      passed: 40,
      before: 0,
      dropped: { signature: 1, replay: 1 },
      missing: {},
    });
    assert.deepEqual(
      story.anchored.map(({ batch }) => batch.channel),
      ['measurement-a', 'measurement-b'],
    );
    const { proved, provedAfter } = story;
    assert.deepEqual([proved.status, proved.anchored], ['TRACEABLE', true]);
    assert.equal(proved.root, story.anchored[0]?.batch.root);

    assert.deepEqual(outcomes(story.bootsAfter), [
      ['oem-a/TT20-10233', 'revoked'],
      ['oem-b/WM2-00451', 'open'],
    ]);
    assert.deepEqual(story.passageAfter.filtered, {
      read: 10,
      passed: 5,
      before: 0,
      dropped: { 'not-traceable': 5 },
      missing: {},
    });
    assert.deepEqual(
      story.affected.map(({ device, supported, unsupported }) => [device, supported, unsupported]),
      [
        ['oem-a/TT20-10233', 0, 25],
        ['oem-b/WM2-00451', 25, 0],
      ],
      'the reason reaches back: what was measured before is in doubt as well',
    );
    assert.deepEqual(provedAfter.measurement, proved.measurement, 'the same value');
    assert.deepEqual([provedAfter.status, provedAfter.anchored], ['FAILED', true]);
  });

  it('tells it in plain words, and has instruments of its own', () => {
    const { status, stdout, stderr } = run('--dcc', 'anywhere');
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /--field has instruments of its own: leave --dcc out\./);
  });
});

function run(...args: readonly string[]) {
  const env = { ...process.env, COLUMNS: '250' };
  return spawnSync(process.execPath, [PROGRAM, 'demo', '--field', ...args], { encoding: 'utf8', env });
}
