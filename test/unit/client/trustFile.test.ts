import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  readTrustFile,
  TraceCalError,
  trustedRoots,
  trustText,
  withoutRoot,
  withRoot,
  writeTrustFile,
} from '@tracecal/gateway-client';
import type { Trust, TraceCalErrorCode } from '@tracecal/gateway-client';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const NORTH = { name: 'nmi-north', sha256: 'ff'.repeat(32) };
const SOUTH = { name: 'nmi-south', sha256: '0a'.repeat(32) };
const DOCUMENT = { type: 'tracecal-trust/1', roots: [SOUTH, NORTH], heartbeats: { k: 1 } };

describe('a trust file', () => {
  after(removeTemporaryFolders);

  function file(content: string): string {
    const path = join(temporaryFolder(), 'trust.json');
    writeFileSync(path, content);
    return path;
  }

  it('names the roots that the asker trusts', async () => {
    const trust = await readTrustFile(file(JSON.stringify(DOCUMENT, null, 2)));
    assert.deepEqual(trust.roots, [NORTH, SOUTH]);
    assert.equal(trust.heartbeats.k, 1);
    assert.deepEqual(trustedRoots(trust), [SOUTH.sha256, NORTH.sha256]);
  });

  it('is the same text for everybody who trusts the same', async () => {
    const other = { heartbeats: { k: 1 }, roots: [NORTH, SOUTH], type: 'tracecal-trust/1' };
    const texts = [];
    for (const document of [DOCUMENT, other])
      texts.push(trustText(await readTrustFile(file(JSON.stringify(document)))));
    assert.equal(texts[0], texts[1]);
    assert.deepEqual(JSON.parse(texts[0] ?? ''), other);
  });

  const changed = (changes: object): string => JSON.stringify({ ...DOCUMENT, ...changes });
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['is no JSON', '{"type":', /trust\.json/],
    ['is no object', '[]', /document/],
    ['is of another type', changed({ type: 'tracecal-trust/2' }), /type: must be "tracecal-trust\/1"/],
    ['has a section of a later version', changed({ witnesses: [] }), /no section "witnesses"/],
    ['has an unknown member in a root', changed({ roots: [{ ...NORTH, weight: 2 }] }), /roots\.0 "weight"/],
    ['has no roots', changed({ roots: [] }), /roots: must name at least one root/],
    ['lacks a section', JSON.stringify({ type: DOCUMENT.type, roots: [NORTH] }), /heartbeats/],
    ['names a root twice', changed({ roots: [NORTH, { ...SOUTH, name: NORTH.name }] }), /two roots have the name/],
    ['has a certificate twice', changed({ roots: [NORTH, { ...NORTH, name: 'other' }] }), /two roots have the sha256/],
    ['has a fingerprint in capitals', changed({ roots: [{ ...NORTH, sha256: 'FF'.repeat(32) }] }), /roots\.0\.sha256/],
    ['has a short fingerprint', changed({ roots: [{ ...NORTH, sha256: 'ff' }] }), /roots\.0\.sha256/],
    ['has a name that no organisation can have', changed({ roots: [{ ...NORTH, name: 'a b' }] }), /roots\.0\.name/],
    [
      'asks for no heartbeat',
      changed({ heartbeats: { k: 0 } }),
      /k is 0; with 2 roots it must be a number from 1 to 2/,
    ],
    [
      'asks for more than all',
      changed({ heartbeats: { k: 3 } }),
      /k is 3; with 2 roots it must be a number from 1 to 2/,
    ],
    ['asks for half a heartbeat', changed({ heartbeats: { k: 1.5 } }), /heartbeats\.k: must be a whole number/],
    ['says a thing twice', '{"type":"tracecal-trust/1","type":"tracecal-trust/1"}', /type/],
    ['is larger than any trust', `"${'x'.repeat(17_000_000)}"`, /larger than/],
  ];
  for (const [what, text, expected] of cases) {
    it(`is refused with one sentence that says why, where it ${what}`, async () => {
      const path = file(text);
      await assert.rejects(readTrustFile(path), refusal('TRUST_INVALID', expected));
    });
  }

  it('that is not there says how to make one', async () => {
    const path = join(temporaryFolder(), 'trust.json');
    await assert.rejects(readTrustFile(path), refusal('TRUST_MISSING', /tracecal trust add/));
  });

  it('is written whole, and leaves nothing else behind', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'trust.json');
    await writeTrustFile(path, withRoot(undefined, NORTH));
    await writeTrustFile(path, withRoot(await readTrustFile(path), SOUTH, 2));
    assert.equal(readFileSync(path, 'utf8'), `${trustText({ ...trust(), heartbeats: { k: 2 } })}\n`);
    assert.deepEqual(readdirSync(folder), ['trust.json']);
  });

  it('in a folder that is not there is not written', async () => {
    const path = join(temporaryFolder(), 'absent', 'trust.json');
    await assert.rejects(writeTrustFile(path, trust()), refusal('TRUST_UNCHANGED', /cannot be written/));
  });
});

describe('a trust', () => {
  it('begins with its first root, whose heartbeat is enough', () => {
    assert.deepEqual(withRoot(undefined, NORTH), { ...trust(), roots: [NORTH] });
  });

  it('keeps what it asks of heartbeats unless something else is said', () => {
    const both = withRoot(withRoot(undefined, NORTH), SOUTH, 2);
    assert.equal(both.heartbeats.k, 2);
    const third = { name: 'nmi-east', sha256: '01'.repeat(32) };
    assert.deepEqual(withoutRoot(withRoot(both, third), 'nmi-east'), both);
  });

  it('never has a root twice', () => {
    assert.throws(() => withRoot(trust(), { ...NORTH, sha256: '02'.repeat(32) }), refusal('TRUST_UNCHANGED', /remove/));
    assert.throws(() => withRoot(trust(), { ...NORTH, name: 'other' }), refusal('TRUST_UNCHANGED', /as nmi-north/));
  });

  it('never asks for more heartbeats than it has roots', () => {
    assert.throws(
      () => withRoot(trust(), { name: 'x', sha256: '02'.repeat(32) }, 4),
      refusal('TRUST_UNCHANGED', /3 roots/),
    );
    assert.throws(() => withoutRoot(trust(), 'nmi-north', 2), refusal('TRUST_UNCHANGED', /1 root/));
  });

  it('never asks for fewer heartbeats in silence because a root goes', () => {
    const both = { ...trust(), heartbeats: { k: 2 } };
    assert.throws(
      () => withoutRoot(both, 'nmi-north'),
      refusal('TRUST_UNCHANGED', /say how many heartbeats are enough/),
    );
    assert.deepEqual(withoutRoot(both, 'nmi-north', 1), { ...trust(), roots: [SOUTH] });
  });

  it('has at least one root', () => {
    const last = withoutRoot(trust(), 'nmi-north');
    assert.throws(() => withoutRoot(last, 'nmi-south'), refusal('TRUST_UNCHANGED', /last root/));
  });

  it('does not lose a root that it does not have', () => {
    assert.throws(() => withoutRoot(trust(), 'nmi-east'), refusal('TRUST_UNCHANGED', /only nmi-north, nmi-south/));
  });
});

function trust(): Trust {
  return { type: 'tracecal-trust/1', roots: [NORTH, SOUTH], heartbeats: { k: 1 } };
}

function refusal(code: TraceCalErrorCode, expected: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof TraceCalError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, expected);
    assert.ok(!error.message.includes('\n'), 'the message is one line');
    return true;
  };
}
