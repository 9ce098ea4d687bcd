import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { canonicalJson, RegistryError } from '@tracecal/core/model';
import { evidenceFor, sourceOf, traceCal, traceOptions } from '@tracecal/core/trace';
import type { RecordSource } from '@tracecal/core/trace';
import { notesOn, readTrustFile, TraceCalError, trustedRoots, trustText } from '@tracecal/gateway-client';
import type { Trust } from '@tracecal/gateway-client';
import { BUNDLE_TYPE, bundleText, readBundle, readHead, verifyBundle } from '@tracecal/gateway-client/proof';
import type { Bundle, Head, ProofAnswer } from '@tracecal/gateway-client/proof';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { golden } from '../../golden/fixtures.js';
import { StateRecords } from '../../golden/records.js';
import { SEALED, twoCountries } from '../../support/hierarchy.js';
import { changedSomewhere } from '../../support/jsonChanges.js';
import { logOf } from '../../support/logOf.js';
import { asyncProperty, runs } from '../../support/property.js';
import { SENSOR } from '../../support/provenDevice.js';
import type { ProvenDevice } from '../../support/provenDevice.js';
import { Random } from '../../support/random.js';
import { build, plans } from '../../support/randomHierarchy.js';
import { registryOf } from '../../support/registry.js';
import { sample } from '../../support/sample.js';
import { runSeed } from '../../support/seed.js';
import { sharedProvenDevice } from '../../support/sharedProvenDevice.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const ROOT = resolve(__dirname, '..', '..', '..', '..');
const load = createRequire(__filename);
const CHANGES = runs(50);

type Name = 'bundle' | 'verdict' | 'proof' | 'trust' | 'log-head';

describe('The published JSON Schemas', function () {
  this.timeout(240_000);
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: false });
  const schemas = new Map<Name, ValidateFunction>();
  let proven: ProvenDevice;
  let trust: Trust;
  let bundle: Bundle;
  let head: Head;
  let trustFile: string;

  before(async () => {
    for (const name of ['bundle', 'verdict', 'proof', 'trust', 'log-head'] as const) {
      const file = load.resolve(`@tracecal/gateway-client/schemas/${name}.json`);
      schemas.set(name, ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object));
    }
    trustFile = join(temporaryFolder(), 'trust.json');
    proven = await sharedProvenDevice();
    trust = await proven.trust();
    const { bundle: endorsed } = await proven.endorsed(SENSOR, { nonce: 'asked' });
    [bundle] = (await proven.recorded([endorsed])).bundles as [Bundle];
    head = readHead(await (await logOf(await registryOf(await twoCountries()))).head());
  });

  after(removeTemporaryFolders);

  const isValid = (name: Name, value: unknown): boolean => schemas.get(name)!(value);

  function accepted(name: Name, value: unknown, what: string = name): void {
    assert.ok(isValid(name, value), `${what}: ${ajv.errorsText(schemas.get(name)!.errors)}`);
  }

  async function chainBundle(records: RecordSource, device: string, asked: object): Promise<Bundle> {
    const { asOf, knownAt, quantity, intervalDays, at } = traceOptions(asked);
    const question = { asOf, knownAt, quantity, intervalDays, at };
    const evidence = await evidenceFor(records, device, traceOptions(question));
    return { type: BUNDLE_TYPE, device, question, epoch: { number: 3, opened: SEALED }, evidence };
  }

  it('are what the code refuses by, written by `npm run schemas`', () => {
    const script = join(ROOT, '.scripts', 'schemas.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });

  it('have names that lead to no host, and say in words what things are', () => {
    for (const [name, { schema }] of schemas) {
      const { $id, title, description } = schema as Record<string, string>;
      assert.equal($id, `urn:tracecal:${name}:1`);
      assert.ok(title !== undefined && (description ?? '').length > 20, name);
      assert.doesNotMatch(JSON.stringify(schema), /\{@link|undefined/);
    }
  });

  it('take all golden verdicts and the bundles that lead to them', async () => {
    const { state, verdicts } = golden();
    for (const { device, options, verdict } of verdicts) {
      accepted('verdict', JSON.parse(verdict), `${device} ${JSON.stringify(options)}`);
    }
    for (const { device, options } of sample(verdicts, 40)) {
      const asked = { ...options, roots: null, freshness: null, heartbeats: null };
      const made = await chainBundle(new StateRecords(state), device, asked);
      accepted('bundle', JSON.parse(bundleText(made)), `${device} ${JSON.stringify(options)}`);
    }
    assert.ok(verdicts.length > 50);
  });

  it('take bundles and verdicts of random hierarchies, whatever is broken in them', async function () {
    this.timeout(600_000);
    await asyncProperty(
      plans,
      async (plan) => {
        const { hierarchy, devices } = await build(plan);
        const device = devices.at(-1) ?? '';
        accepted('bundle', JSON.parse(bundleText(await chainBundle(hierarchy, device, { asOf: SEALED }))));
        const explained = await traceCal(hierarchy, device, traceOptions({ asOf: SEALED, explain: true }));
        accepted('verdict', JSON.parse(canonicalJson(explained)));
      },
      10,
    );
  });

  it('take bundles of all tiers, trust files with all sections, and heads of logs', () => {
    accepted('bundle', JSON.parse(bundleText(bundle)));
    const validity = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
    const whole: Trust = { ...trust, registry: `calibration:${'ab'.repeat(32)}`, validity };
    accepted('trust', JSON.parse(trustText(whole)));
    accepted('trust', { type: trust.type, roots: trust.roots, heartbeats: { k: 1 } });
    accepted('log-head', head);
  });

  it('take what `proof verify --json` prints, with all tiers and without any', async () => {
    const asked = { ...trust, roots: trustedRoots(trust) };
    const [chain] = [JSON.parse(bundleText(bundle)) as Bundle];
    const { endorsed, recorded, ...alone } = chain;
    assert.ok(endorsed && recorded);
    const clock = { now: bundle.question.asOf, maxAgeSeconds: 86_400 };
    const fresh = { log: await logOf(await registryOf(await twoCountries())), k: 1, clock, seen: null };
    const tiersHeld = new Set<string>();
    for (const [made, more] of [
      [bundle, {}],
      [bundle, { explain: true }],
      [alone, { fresh }],
      [{ ...alone, recorded }, { endorsers: undefined }],
    ] as const) {
      const report = await verifyBundle(bundleText(made), { ...asked, ...more });
      const answer: ProofAnswer = { file: 'a.json', ...report, missing: ['fresh'], notes: notesOn(report.verdict) };
      accepted('proof', JSON.parse(JSON.stringify(answer)));
      for (const [name, { holds }] of Object.entries(report.tiers)) if (holds) tiersHeld.add(name);
      for (const wrong of [
        { ...answer, more: 1 },
        { ...answer, missing: ['best'] },
        { ...answer, tiers: { ...answer.tiers, chain: { holds: 'yes', shows: '' } } },
        { ...answer, tiers: { chain: answer.tiers.chain } },
        { ...answer, verdict: { ...answer.verdict, status: 'FINE' } },
        { ...answer, notChecked: undefined },
      ]) {
        assert.equal(isValid('proof', JSON.parse(JSON.stringify(wrong))), false);
      }
    }
    assert.deepEqual([...tiersHeld].sort(), ['chain', 'endorsed', 'recorded']);
  });

  it('refuse what is of another version, has other members, or lacks one', () => {
    const device = bundle.evidence.exhibits.find(({ of: [kind] }) => kind === 'device')!;
    const withExhibit = (exhibit: unknown) => ({ ...bundle, evidence: { ...bundle.evidence, exhibits: [exhibit] } });
    const { question, recorded, endorsed } = bundle;
    const withoutAt = without(question, 'at');
    const { verdict } = golden().verdicts[0]!;
    const parsed = JSON.parse(verdict) as Record<string, unknown>;
    const [organisation] = trust.endorsers!.organisations;
    const withoutPeer = without(organisation!.nodeOus, 'peer');
    const cases: readonly (readonly [Name, unknown])[] = [
      ['bundle', null],
      ['bundle', []],
      ['bundle', { ...bundle, type: 'tracecal-bundle/2' }],
      ['bundle', { ...bundle, verdict: 'TRACEABLE' }],
      ['bundle', { ...bundle, device: '' }],
      ['bundle', { ...bundle, question: { ...question, roots: null } }],
      ['bundle', { ...bundle, question: { ...question, asOf: '2026-03-01' } }],
      ['bundle', { ...bundle, question: withoutAt }],
      ['bundle', { ...bundle, epoch: { ...bundle.epoch, number: -1 } }],
      ['bundle', { ...bundle, evidence: { ...bundle.evidence, more: 1 } }],
      ['bundle', withExhibit({ ...device, of: ['device'] })],
      ['bundle', withExhibit({ ...device, of: ['constructor', 'x'] })],
      ['bundle', withExhibit({ ...device, of: ['report', 'oem-a/x'] })],
      ['bundle', withExhibit({ ...device, record: { ...(device.record as object), more: 1 } })],
      ['bundle', withExhibit({ of: device.of })],
      ['bundle', { ...bundle, recorded: { ...recorded!, salt: 'AB'.repeat(32) } }],
      ['bundle', { ...bundle, recorded: { ...recorded!, size: 0 } }],
      ['bundle', { ...bundle, recorded: { ...recorded!, heartbeat: 'not base64' } }],
      ['bundle', { ...bundle, endorsed: { ...endorsed!, endorsements: [] } }],
      ['bundle', { ...bundle, endorsed: { ...endorsed!, proposal: 'not base64' } }],
      ['bundle', { ...bundle, endorsed: null }],
      ['verdict', { ...parsed, status: 'FINE' }],
      ['verdict', { ...parsed, more: 1 }],
      ['verdict', { ...parsed, asOf: 'today' }],
      ['verdict', { ...parsed, edges: null }],
      ['verdict', { ...parsed, roots: [{ organisation: 'nmi' }] }],
      ['trust', { ...trust, type: 'tracecal-trust/2' }],
      ['trust', { ...trust, witnesses: [] }],
      ['trust', { ...trust, roots: [] }],
      ['trust', { ...trust, roots: [{ name: 'a b', sha256: 'ff'.repeat(32) }] }],
      ['trust', { ...trust, roots: [{ name: 'nmi', sha256: 'FF'.repeat(32) }] }],
      ['trust', { ...trust, heartbeats: { k: 1.5 } }],
      ['trust', { ...trust, endorsers: { ...trust.endorsers!, engine: 'any' } }],
      [
        'trust',
        { ...trust, endorsers: { ...trust.endorsers!, organisations: [{ ...organisation!, nodeOus: withoutPeer }] } },
      ],
      ['trust', { ...trust, channel: { ...trust.channel!, sequence: -1 } }],
      ['trust', { ...trust, validity: { from: '2026-01-01', to: '2027-01-01' } }],
      ['log-head', { ...head, type: 'tracecal-log-head/2' }],
      ['log-head', { ...head, heartbeats: [] }],
      ['log-head', { ...head, epoch: { number: 1 } }],
      ['log-head', { ...head, evidence: { ...head.evidence, exhibits: [{}] } }],
    ];
    for (const [name, value] of cases) {
      assert.equal(isValid(name, value), false, `${name} ${JSON.stringify(value).slice(0, 200)}`);
    }
  });

  it('refuse nothing that the code takes, and much of what it refuses, after any single change', async () => {
    const random = new Random(runSeed);
    const counts = { 'both take': 0, 'both refuse': 0, 'only the code refuses': 0 };
    const compare = async (name: Name, document: unknown, take: (changed: never) => unknown): Promise<void> => {
      for (let count = 0; count < CHANGES; count += 1) {
        const changed = changedSomewhere(document, random);
        const taken = await isTaken(() => take(changed as never));
        const valid = isValid(name, changed);
        assert.ok(valid || !taken, `the code takes this ${name}: ${ajv.errorsText(schemas.get(name)!.errors)}`);
        counts[taken ? 'both take' : valid ? 'only the code refuses' : 'both refuse'] += 1;
      }
    };
    const text = JSON.parse(bundleText(bundle)) as Bundle;
    await compare('bundle', text, (changed: Bundle) => sourceOf(readBundle(canonicalJson(changed)).evidence));
    await compare('log-head', head, (changed: Head) => sourceOf(readHead(canonicalJson(changed)).evidence));
    await compare('trust', trust, async (changed: Trust) => {
      writeFileSync(trustFile, JSON.stringify(changed));
      await readTrustFile(trustFile);
    });
    console.log(`Changed documents against their schemas: ${JSON.stringify(counts)}`);
    assert.ok(
      counts['both refuse'] > counts['only the code refuses'] && counts['both take'] > 0,
      JSON.stringify(counts),
    );
  });
});

async function isTaken(take: () => unknown): Promise<boolean> {
  try {
    await take();
    return true;
  } catch (error) {
    assert.ok(error instanceof RegistryError || error instanceof TraceCalError, String(error));
    return false;
  }
}

function without(value: object, name: string): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}
