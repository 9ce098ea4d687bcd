import assert from 'node:assert/strict';
import { canonicalJson, RegistryError } from '@tracecal/core/model';
import { evidenceFor, traceCal, traceOptions } from '@tracecal/core/trace';
import type { Verdict } from '@tracecal/core/trace';
import { BUNDLE_TYPE, bundleText, readBundle, verifyBundle } from '@tracecal/gateway-client/proof/verify';
import type { Bundle } from '@tracecal/gateway-client/proof/verify';
import { golden } from '../../golden/fixtures.js';
import { StateRecords } from '../../golden/records.js';
import { sample } from '../../support/sample.js';
import { SEALED } from '../../support/hierarchy.js';
import { runs } from '../../support/property.js';
import { Random } from '../../support/random.js';
import { runSeed } from '../../support/seed.js';

const SENSOR = 'oem-b/sensor-b';
const DRIFTED = 'oem-b/below-drifted';
const CHANGES = runs(40);
const ALPHABET = 'ABCxyz019_-+/';

describe('A bundle', () => {
  const { state } = golden();
  let roots: readonly string[];
  let bundle: Bundle;

  async function bundleAbout(device: string, asked: object = {}): Promise<Bundle> {
    const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: SEALED, ...asked });
    const question = { asOf, knownAt, quantity, intervalDays, at };
    return {
      type: BUNDLE_TYPE,
      device,
      question,
      epoch: { number: 3, opened: SEALED },
      evidence: await evidenceFor(new StateRecords(state), device, traceOptions(question)),
    };
  }

  async function rootsBehind(device: string): Promise<readonly string[]> {
    const verdict = await traceCal(new StateRecords(state), device, traceOptions({ asOf: SEALED }));
    return verdict.institutes.map(({ sha256 }) => sha256);
  }

  before(async () => {
    bundle = await bundleAbout(SENSOR);
    const records = new StateRecords(state);
    const verdict = await traceCal(records, SENSOR, traceOptions({ asOf: SEALED }));
    roots = verdict.roots.map(({ sha256 }) => sha256);
  });

  const verified = (changed: Bundle, asked: object = {}) => verifyBundle(bundleText(changed), { roots, ...asked });

  async function refused(attempt: Promise<unknown>, code: string, why: RegExp): Promise<void> {
    await assert.rejects(attempt, (error) => {
      assert.ok(error instanceof RegistryError, String(error));
      assert.equal(error.code, code);
      assert.match(error.message, why);
      return true;
    });
  }

  it('gives the verdict again, says what it shows, and what nobody has checked', async () => {
    const { verdict, tiers, notChecked, epoch, bundle: digest } = await verified(bundle);
    const records = new StateRecords(state);
    const expected = await traceCal(records, SENSOR, traceOptions({ ...bundle.question, roots }));
    assert.equal(canonicalJson(verdict), canonicalJson(expected));
    assert.match(verdict.status, /TRACEABLE|ATTESTED/);
    assert.deepEqual(
      Object.entries(tiers).map(([name, { holds }]) => [name, holds]),
      [
        ['chain', true],
        ['fresh', false],
        ['endorsed', false],
        ['recorded', false],
      ],
    );
    assert.match(notChecked.join('\n'), /revocation/);
    assert.deepEqual(epoch, bundle.epoch);
    assert.match(digest, /^[0-9a-f]{64}$/);
  });

  it('shows a chain only to those who trust its root', async () => {
    const { verdict, tiers } = await verified(bundle, { roots: ['ab'.repeat(32)] });
    assert.equal(verdict.status, 'FAILED');
    assert.equal(tiers.chain.holds, false);
  });

  it("shows no chain where something rests on somebody's word", async () => {
    for (const device of ['oem-a/import-paper', 'oem-a/import-old']) {
      const { verdict, tiers } = await verified(await bundleAbout(device), { roots: await rootsBehind(device) });
      assert.equal(verdict.status, 'ATTESTED', verdict.reason);
      assert.equal(tiers.chain.holds, false);
      assert.match(tiers.chain.shows, /rest on somebody's word/);
    }
  });

  it('shows what is said against a device', async () => {
    const { verdict, tiers } = await verified(await bundleAbout(DRIFTED));
    assert.equal(verdict.status, 'FAILED');
    assert.equal(tiers.chain.holds, false);
  });

  it('answers another moment only if its records do', async () => {
    const earlier = await verified(bundle, { asOf: '2024-12-15T00:00:00Z' });
    assert.notEqual(earlier.verdict.status, 'TRACEABLE');
    const narrow = await bundleAbout(SENSOR, { quantity: 'mass' });
    const wider = { ...narrow, question: { ...narrow.question, quantity: null } };
    await refused(verified(wider), 'INPUT_INVALID', /does not hold .* have one made for this question/);
  });

  it('says the same, byte for byte, whatever records of others are in it: only peers tell that they were added', async () => {
    const random = new Random(runSeed);
    const text = bundleText(bundle);
    const honest = await verifyBundle(text, { roots });
    const own = new Set(bundle.evidence.exhibits.map(({ of }) => canonicalJson(of)));
    const devices = sample([...new Set(golden().verdicts.map(({ device }) => device))], 12);
    for (const device of devices) {
      const { evidence } = await bundleAbout(device);
      const foreign = evidence.exhibits.filter(({ of }) => !own.has(canonicalJson(of)) && random.between(0, 2) > 0);
      const exhibits = [...foreign, ...bundle.evidence.exhibits];
      const { bundle: digest, ...found } = await verified({ ...bundle, evidence: { ...bundle.evidence, exhibits } });
      const { bundle: honestDigest, ...expected } = honest;
      assert.equal(canonicalJson(found), canonicalJson(expected), `${device} (seed ${runSeed})`);
      assert.equal(digest === honestDigest, foreign.length === 0);
    }
  });

  it('is refused if it is not what was made: another version, another text, other members', async () => {
    const text = bundleText(bundle);
    const attempt = (changed: string) => verifyBundle(changed, { roots });
    await refused(attempt(text.replace('bundle/1', 'bundle/2')), 'VERSION_UNKNOWN', /knows tracecal-bundle\/1/);
    await refused(attempt(` ${text}`), 'INPUT_INVALID', /not canonical JSON/);
    await refused(attempt('{"type":"tracecal-bundle/1"}'), 'INPUT_INVALID', /bundle is not accepted/);
    await refused(attempt('[]'), 'INPUT_INVALID', /bundle is not accepted/);
    await refused(attempt('nothing'), 'JSON_INVALID', /./);
    await refused(attempt(canonicalJson({ ...bundle, verdict: 'TRACEABLE' })), 'INPUT_INVALID', /verdict/);
    await refused(verifyBundle(text, { roots: [] }), 'INPUT_INVALID', /roots/);
    assert.equal(bundleText(readBundle(text)), text);
  });

  it('says nothing else and nothing better when any character of what is signed is changed', async function () {
    this.timeout(120_000);
    const random = new Random(runSeed);
    const text = bundleText(bundle);
    const signed = [...text.matchAll(/"(?:payload|signature|protected|certificate)":"([^"]+)"/g)];
    assert.ok(signed.length > 30);
    const honest = (await verifyBundle(text, { roots })).verdict;
    assert.equal(honest.status, 'TRACEABLE');
    const outcomes = { refused: 0, same: 0, worse: 0 };
    for (let count = 0; count < CHANGES; count += 1) {
      const { index, 0: whole, 1: value = '' } = signed[random.between(0, signed.length - 1)]!;
      const place = index + whole.length - 1 - value.length + random.between(0, value.length - 1);
      const character = ALPHABET.charAt(random.between(0, ALPHABET.length - 1));
      if (text[place] === character) continue;
      const changed = text.slice(0, place) + character + text.slice(place + 1);
      try {
        const { verdict } = await verifyBundle(changed, { roots });
        const isWorse = verdict.status !== honest.status;
        if (!isWorse) assert.equal(saidBy(verdict), saidBy(honest), `${whole.slice(0, 40)} at ${place}`);
        outcomes[isWorse ? 'worse' : 'same'] += 1;
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        outcomes.refused += 1;
      }
    }
    assert.ok(outcomes.worse > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
  });
});

/** What a verdict says about the results. When they are due is a statement of its own, which may be left out. */
function saidBy({ device, results, roots }: Verdict): string {
  return canonicalJson({ device, results: results.map((result) => ({ ...result, due: null })), roots });
}
