import { canonicalJson } from '@tracecal/core/model';
import type { Jws } from '@tracecal/core/model';
import { judgeAnswer } from '@tracecal/gateway-client/monitor';
import { ChallengeProbe, ProbeFailed } from '@tracecal/monitor';
import type { ProbeFailure } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import { twoCountries } from '../../../support/hierarchy.js';
import { Instrument } from '../../../support/instrument.js';
import { LocalBroker } from '../../../support/instruments/localBroker.js';
import { refused } from '../../../support/instruments/refused.js';

const PLACE = { request: 'site/t1/probe/request', answer: 'site/t1/probe/answer' };

describe('A challenge to an instrument that can sign', () => {
  let sensor: Instrument;
  let other: Instrument;
  let broker: LocalBroker;

  before(async () => {
    const hierarchy = await twoCountries();
    sensor = new Instrument(hierarchy);
    other = new Instrument(hierarchy, 'oem-a/working-a');
  });
  beforeEach(async () => {
    broker = await LocalBroker.start();
  });
  afterEach(() => broker.stop());

  const probe = (timeoutMs = 5000): ChallengeProbe =>
    new ChallengeProbe(broker, PLACE, { ...signing(), unit: '\\degreecelsius' }, { timeoutMs });
  const signing = () => ({
    device: sensor.device,
    registry: sensor.registry,
    certificates: [sensor.signer.certificate],
  });
  const answering = (nonce: string) => ({ arguments: [{ name: 'nonce', value: nonce }] });

  /** The instrument, or somebody at its broker, answers each request with these texts. */
  function answers(...texts: ((nonce: string) => Promise<string>)[]): void {
    broker.answer(PLACE.request, async (text) => {
      const { nonce } = JSON.parse(text) as { readonly nonce: string };
      for (const each of texts) await broker.publish(PLACE.answer, await each(nonce));
    });
  }
  const fresh = async (nonce: string): Promise<string> =>
    canonicalJson((await sensor.measure(7, null, { value: 22.5, ...answering(nonce) })).jws);
  const recorded = async (): Promise<string> => fresh('00'.repeat(16));
  const plain = async (): Promise<string> => canonicalJson((await sensor.measure(3, null)).jws);
  const byAnother = async (nonce: string): Promise<string> =>
    canonicalJson((await other.measure(7, null, answering(nonce))).jws);
  const changed = async (nonce: string): Promise<string> => {
    const jws = JSON.parse(await recorded()) as Jws;
    const content = JSON.parse(Buffer.from(jws.payload, 'base64url').toString()) as object;
    const payload = Buffer.from(canonicalJson({ ...content, ...answering(nonce) })).toString('base64url');
    return canonicalJson({ ...jws, payload });
  };

  async function fails(failure: ProbeFailure, says: RegExp): Promise<void> {
    await assert.rejects(probe(200).read(), (error) => {
      assert.ok(error instanceof ProbeFailed, String(error));
      assert.deepEqual([error.failure, says.test(error.message)], [failure, true], error.message);
      return true;
    });
  }

  it('brings a value that the instrument signed for this question', async () => {
    answers(fresh);
    const { value, signed } = await probe().read();
    assert.equal(value, 22.5);
    const again = judgeAnswer(signed?.measurement, { ...signing(), nonce: signed?.nonce ?? '' });
    assert.equal(again.is, 'fresh');
  });

  it('is another one each time, and publishes nothing but the nonce', async () => {
    answers(fresh);
    const nonces = new Set<string | undefined>();
    for (let round = 0; round < 3; round += 1) nonces.add((await probe().read()).signed?.nonce);
    assert.equal(nonces.size, 3);
    assert.deepEqual(new Set(broker.published.map(({ topic }) => topic)), new Set([PLACE.request]));
    const members = Object.keys(JSON.parse(broker.published[0]!.text) as object);
    assert.deepEqual(members, ['type', 'device', 'nonce']);
  });

  it('tells replayed answers from forged ones', async () => {
    answers(recorded);
    await fails('replayed', /measurement 7 of .*holds another nonce or none/);
    answers(plain);
    await fails('replayed', /measurement 3 of/);
  });

  it('takes what another device signed, what was changed, and what is no answer for forged', async () => {
    for (const answer of [byAnother, changed, () => Promise.resolve('{}'), () => Promise.resolve('22.5')]) {
      answers(answer);
      await fails('forged', /did not prove that it measured: the answer is not signed by it/);
      await broker.stop();
      broker = await LocalBroker.start();
    }
  });

  it('passes over what others answer faster, if the true answer comes', async () => {
    answers(byAnother, changed, recorded, fresh);
    assert.equal((await probe().read()).value, 22.5);
  });

  it('says that no answer came', () => fails('unanswered', /No answer came/));

  it('publishes to topics for requests only, and refuses others before it connects', () => {
    const to = (request: string) => () =>
      new ChallengeProbe(broker, { ...PLACE, request }, { ...signing(), unit: '\\one' });
    for (const request of [
      'site/t1/set',
      'site/+/probe/request',
      '#/probe/request',
      '$SYS/probe/request',
      '/probe/request',
    ]) {
      refused(to(request), /A probe does not do publishing to/);
    }
    assert.equal(broker.connections, 0);
  });
});
