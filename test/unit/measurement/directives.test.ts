import assert from 'node:assert/strict';
import { Measurement } from '@tracecal/gateway-client';
import { decide, DirectivesInForce, MeasurementFilter, signAnswer } from '@tracecal/gateway-client/device';
import { ANSWER_TYPE, answerThatCounts, readDirectives, unverifiedAnswer } from '@tracecal/core/directives';
import type { Answer, Directive } from '@tracecal/core/directives';
import { canonicalJson, dateOf } from '@tracecal/core/model';
import { all } from '@tracecal/gateway-client/application';
import { later } from '../../support/hierarchy.js';
import { Instrument } from '../../support/instrument.js';
import { ledgerOf } from '../../support/ledgerOf.js';
import { levelsOfSiteA, recorderOf } from '../../support/levels.js';
import type { Levels } from '../../support/levels.js';
import { Operator, SENSOR } from '../../support/operator.js';
import { callerOf, refuses, submit } from '../../support/registry.js';

describe('Directives in a measurement compartment', () => {
  let levels: Levels;
  let operator: Operator;
  let site: Measurement;

  beforeEach(async () => {
    levels = await levelsOfSiteA();
    operator = new Operator(levels.hierarchy);
    site = new Measurement(ledgerOf(levels.measurement, recorderOf('oem-a')), () => undefined);
  });

  const now = () => levels.measurement.now;
  const content = (number: number, changes: Partial<Directive> = {}) =>
    operator.content(number, { date: now(), from: now(), ...changes });
  const give = async (directive: unknown, by = recorderOf('oem-a'), officer = operator.officer, name?: string) =>
    levels.measurement.submit(by, 'giveDirective', await operator.textOf(directive, officer, name));
  const answer = async (
    directive: string,
    changes: Partial<Answer> = {},
    signer = new Instrument(levels.hierarchy),
  ) => {
    const words = { registry: operator.registry, directive, device: SENSOR, by: SENSOR, date: now(), what: 'done' };
    const { jws } = await signAnswer({ outcome: 'carried-out', ...words, ...changes }, signer.signer);
    return levels.measurement.submit(recorderOf('oem-a'), 'answerDirective', canonicalJson(jws));
  };
  const release = { kind: 'release', reason: 'checked, sound' } as const;

  it('are given by the operator and found again, as they were signed', async () => {
    const envelope = await operator.envelope(content(1));
    const { result } = await site.giveDirective(envelope);
    assert.deepEqual([result.kind, result.devices], ['quarantine', [SENSOR]]);
    await give(content(2, release));
    const about = await all(site.getDirectives(SENSOR));
    assert.deepEqual(await all(site.listDirectives()), about);
    assert.equal(about.length, 2);
    assert.deepEqual(
      [about[0]?.directive, about[0]?.certificate, about[0]?.by],
      [envelope.directive, envelope.certificate, 'OemAMSP'],
    );
    assert.equal(about[0]?.digest, result.digest);
    const [head, none] = await site.getDirectiveHeads([SENSOR, 'oem-a/other']);
    assert.deepEqual([head?.number, none], [2, null]);
  });

  it('are answered for each device, once with a key, by the device or a gateway of the operator', async () => {
    const { result } = await site.giveDirective(await operator.envelope(content(1)));
    const { digest } = result;
    const other = new Instrument(levels.hierarchy, 'oem-b/sensor-b');
    const gateway = new Instrument(levels.hierarchy, 'oem-a/working-a');
    await refuses(answer(digest, {}, other), 'SIGNATURE_INVALID', /not signed/);
    await refuses(answer(digest, { by: other.device }, other), 'NOT_AUTHORISED', /only the device itself or a gateway/);
    await refuses(answer(digest, { device: 'oem-a/other' }), 'INPUT_INVALID', /is not about/);
    await refuses(answer('0'.repeat(64)), 'NOT_FOUND', /no directive/);
    await refuses(answer(digest, { registry: 'calibration:00'.padEnd(76, '0') }), 'WRONG_REGISTRY', /names registry/);
    await refuses(answer(digest, { date: later(now(), 3600) }), 'TIME_INVALID', /lies ahead/);
    await answer(digest, { by: gateway.device, outcome: 'refused', what: 'no such sensor here' }, gateway);
    await refuses(answer(digest, { by: gateway.device }, gateway), 'ALREADY_EXISTS', /answered .* with this key/);
    const [found] = await all(site.getAnswers(digest));
    assert.deepEqual([found?.by, ANSWER_TYPE], ['OemAMSP', 'tracecal-answer/1']);
  });

  const answersTo = async (digest: string) => {
    const contents = (await all(site.getAnswers(digest))).map((record) => unverifiedAnswer(record.answer).content);
    return { whats: contents.map(({ what }) => what), counts: answerThatCounts(contents)?.what };
  };

  it('are answered by the device itself whatever a gateway has answered before, and that counts', async () => {
    const { digest } = (await site.giveDirective(await operator.envelope(content(1)))).result;
    const gateway = new Instrument(levels.hierarchy, 'oem-a/working-a');
    await answer(digest, { by: gateway.device, what: 'false' }, gateway);
    assert.equal((await answersTo(digest)).counts, 'false');
    await answer(digest, { what: 'true' });
    assert.deepEqual(await answersTo(digest), { whats: ['false', 'true'], counts: 'true' });
    await refuses(answer(digest, { what: 'again' }), 'ALREADY_EXISTS', /answered .* with this key/);
  });

  it('are answered once more with the newest key of a device, and that counts beside what its former key said', async () => {
    const { hierarchy, registry } = levels;
    const { digest } = (await site.giveDirective(await operator.envelope(content(1)))).result;
    await answer(digest, { what: 'false, by a thief' });
    await submit(registry, await hierarchy.renewDevice('sensor-a', { registered: registry.now }));
    const renewed = new Instrument(hierarchy);
    await answer(digest, { what: 'true' }, renewed);
    assert.deepEqual(await answersTo(digest), { whats: ['false, by a thief', 'true'], counts: 'true' });
    await refuses(answer(digest, { what: 'again' }, renewed), 'ALREADY_EXISTS', /with this key/);
  });

  it('have room for the answer of a device, however many gateways have answered for it', async () => {
    const { digest } = (await site.giveDirective(await operator.envelope(content(1)))).result;
    const gateway = new Instrument(levels.hierarchy, 'oem-a/working-a');
    await answer(digest, { by: gateway.device, what: 'by a gateway' }, gateway);
    const { state } = levels.measurement;
    const first = [...state.keys()].find((each) => each.includes(digest) && each.includes('answer')) ?? assert.fail();
    // As those of sixteen other gateways.
    const other = await signAnswer(
      {
        ...{ registry: operator.registry, directive: digest, device: SENSOR, by: 'oem-b/sensor-b', date: now() },
        ...{ outcome: 'refused', what: 'by another gateway' },
      },
      new Instrument(levels.hierarchy, 'oem-b/sensor-b').signer,
    );
    const record = JSON.parse(String(state.get(first))) as { record: object };
    for (let place = 1; place <= 16; place += 1) {
      const key = place === 1 ? first : `${first}${String(place).padStart(4, '0')}\u0000`;
      const own = { ...record, record: { ...record.record, answer: other.jws, digest: other.digest } };
      state.set(key, Buffer.from(canonicalJson(own)));
    }
    await refuses(answer(digest, { by: gateway.device }, gateway), 'INPUT_INVALID', /16 answers .* the device itself/);
    await answer(digest, { what: 'by itself' });
    assert.equal((await answersTo(digest)).counts, 'by itself');
    assert.equal((await answersTo(digest)).whats.length, 17);
  });

  it('are not answered from before they were signed, nor with a key that the device no longer has', async () => {
    const { hierarchy, registry } = levels;
    const former = new Instrument(hierarchy);
    const { digest } = (await site.giveDirective(await operator.envelope(content(1)))).result;
    await refuses(answer(digest, { date: later(now(), -30 * 86_400) }), 'TIME_INVALID', /before its directive/);
    await refuses(answer(digest, { date: later(now(), -1000) }), 'TIME_INVALID', /before its directive/);
    await submit(registry, await hierarchy.renewDevice('sensor-a', { registered: registry.now }));
    await refuses(answer(digest, {}, former), 'SIGNATURE_INVALID', /not signed by a key/);
    // What was refused bars nothing.
    await answer(digest, { date: later(now(), -600) }, new Instrument(hierarchy));
  });

  it('are not answered with a newest key whose certificate has expired, nor with the one before it', async () => {
    const { hierarchy, registry, measurement } = levels;
    const former = new Instrument(hierarchy);
    const valid = [dateOf(registry.now), dateOf(later(registry.now, 86_400))] as const;
    await submit(registry, await hierarchy.renewDevice('sensor-a', { registered: registry.now, valid }));
    const newest = new Instrument(hierarchy);
    const { digest } = (await site.giveDirective(await operator.envelope(content(1)))).result;
    measurement.now = later(registry.now, 3 * 86_400);
    registry.now = measurement.now;
    for (const signer of [newest, former]) {
      // The date of the answer lies in the time of the key: whoever signs chooses it.
      const dated = answer(digest, { date: later(now(), -3 * 86_400) }, signer);
      await refuses(
        dated,
        'STANDING_INVALID',
        /newest certificate of device oem-a\/sensor-a is not valid now: renew it/,
      );
    }
    await submit(registry, await hierarchy.renewDevice('sensor-a', { registered: registry.now }));
    await answer(digest, {}, new Instrument(hierarchy));
  });

  it('have the next number, once, and no earlier date', async () => {
    await refuses(give(content(2)), 'INPUT_INVALID', /has number 1, not 2/);
    const first = content(1);
    await give(first);
    await refuses(give(first), 'ALREADY_EXISTS', /was given before/);
    await refuses(give(content(1, release)), 'ALREADY_EXISTS', /has number 2, not 1/);
    await refuses(give(content(2, { date: later(first.date, -60) })), 'TIME_INVALID', /before the last one/);
    await refuses(give(content(2, { date: later(now(), 1200) })), 'TIME_INVALID', /not ahead/);
    await refuses(give(content(2, { date: later(now(), -8 * 86_400) })), 'TIME_INVALID', /at most 7 days/);
  });

  it('are refused from anybody but the operator, and from officers who may not sign', async () => {
    const other = new Operator(levels.hierarchy, 'oem-b');
    const unknown = await operator.another('unknown');
    await refuses(give(content(1), callerOf('oem-a')), 'NOT_AUTHORISED', /role/);
    await refuses(give(content(1), recorderOf('oem-b')), 'NOT_AUTHORISED', /not for OemBMSP to submit/);
    await refuses(give(content(1), recorderOf('lab-alpha')), 'NOT_AUTHORISED', /may not write here/);
    await refuses(
      give(content(1), recorderOf('oem-a'), other.officer, 'officer:oem-b/officer'),
      'NOT_AUTHORISED',
      /officer of oem-b/,
    );
    await refuses(give(content(1), recorderOf('oem-a'), unknown, 'officer:oem-a/unknown'), 'NOT_FOUND', /unknown/);
    await refuses(
      give({ ...content(1), registry: 'calibration:00'.padEnd(76, '0') }),
      'WRONG_REGISTRY',
      /names registry/,
    );
    const { hierarchy, registry } = levels;
    await submit(
      registry,
      hierarchy.addStatement('revocation', ['person', 'oem-a/officer'], {
        reason: 'key-compromise',
        registered: registry.now,
        effective: registry.now,
        signers: ['organisation:oem-a'],
      }),
    );
    levels.measurement.now = later(registry.now, 60);
    await refuses(give(content(1)), 'STANDING_INVALID', /revoked/);
  });

  it('ask a device for nothing more after 900 of them, until a release; what restricts its use always has room', async () => {
    const { digest } = (await site.giveDirective(await operator.envelope(content(1)))).result;
    const key = [...levels.measurement.state.keys()].find((each) => each.includes('directive-head')) ?? assert.fail();
    const given = (number: number) => {
      const head = { record: { device: SENSOR, number, digest, date: now() }, version: 1 };
      levels.measurement.state.set(key, Buffer.from(canonicalJson(head)));
    };
    const request = { kind: 'recalibrate' } as const;
    const limit = { quantity: 'temperature', unit: '\\degreecelsius', lowest: 0, highest: 30 };
    given(899);
    await give(content(900, request));
    await refuses(give(content(901, request)), 'INPUT_INVALID', /900 directives .* since its last release: release it/);
    await give(content(901, { kind: 'limit', limit }));
    given(999);
    await give(content(1000));
    await give(content(1001, release));
    await give(content(1002));
    await give(content(1003, request));
    const [head] = await site.getDirectiveHeads([SENSOR]);
    assert.deepEqual([head?.number, head?.released], [1003, 1001]);
  });

  it('keep what a device measures in quarantine from passing a filter, until they release it', async () => {
    const sensor = new Instrument(levels.hierarchy);
    const moment = (seconds: number) => `${later(now(), seconds).slice(0, -1)}.000Z`;
    const start = now();
    const times = [-60, 60, 180, 300].map(moment);
    await give(content(1, { from: start }));
    await give(content(2, { ...release, date: later(start, 120), from: later(start, 120) }));
    const limit = { quantity: 'temperature', unit: '\\degreecelsius', lowest: 0, highest: 30 };
    const third = later(start, 240);
    await give(content(3, { kind: 'limit', reason: 'only what the tank can have', date: third, from: third, limit }));
    const records = await all(site.getDirectives(SENSOR));
    const texts = records.map(({ directive, certificate }, place) => ({
      name: `${place}.json`,
      text: canonicalJson({ directive, certificate }),
    }));
    const directives = new DirectivesInForce(readDirectives(texts, operator.pin));
    const filter = new MeasurementFilter({
      registry: sensor.registry,
      device: () => ({ certificates: [sensor.signer.certificate], refused: null }),
      standing: (device, at) => directives.standing(device, at),
    });
    const found: string[] = [];
    let before = null;
    for (const [sequence, time] of times.entries()) {
      const value = sequence === 3 ? 31 : 21.5;
      before = await sensor.measure(sequence, before, { time, value });
      const judged = filter.judge(before.jws);
      found.push('passed' in judged ? 'passed' : judged.dropped);
    }
    assert.deepEqual(found, ['passed', 'quarantined', 'passed', 'limited']);
  });

  it('do not let a device go on as if it were still the day before', async () => {
    const sensor = new Instrument(levels.hierarchy);
    const texts = [{ name: '1.json', text: await operator.text(1) }];
    const directives = new DirectivesInForce(readDirectives(texts, operator.pin));
    const judge = async (clock: string) => {
      const filter = new MeasurementFilter({
        registry: sensor.registry,
        device: () => ({ certificates: [sensor.signer.certificate], refused: null }),
        standing: (device, at) => directives.standing(device, at),
        now: () => Date.parse(clock),
      });
      const judged = filter.judge((await sensor.measure(0, null, { time: '2026-02-28T23:00:00.000Z' })).jws);
      return 'passed' in judged ? 'passed' : judged.dropped;
    };
    assert.equal(await judge('2026-02-28T23:00:01Z'), 'passed');
    assert.equal(await judge('2026-03-01T00:00:00Z'), 'quarantined');
  });

  it('keep the gate closed, with the reason', async () => {
    const quarantine = await operator.text(1);
    const directives = new DirectivesInForce(readDirectives([{ name: '1.json', text: quarantine }], operator.pin));
    const { quarantined } = directives.standing(SENSOR, null);
    const trust = { roots: [], heartbeats: { k: 1 } };
    const clock = { now: now(), maxAgeSeconds: 3600 };
    const stapled = { device: SENSOR, bundle: '', ...(quarantined !== null && { quarantined }) };
    const { outcome, devices } = await decide([stapled], { trust, clock, seen: null });
    assert.equal(outcome, 'quarantined');
    assert.match(devices[0]?.why ?? '', /in quarantine: since 2026-03-01T00:00:00Z: found dropped\.$/);
  });
});
