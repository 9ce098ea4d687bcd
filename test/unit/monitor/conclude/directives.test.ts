import assert from 'node:assert/strict';
import type { DeviceAnswer } from '@tracecal/core/contracts';
import type { AnswerOutcome, Directive } from '@tracecal/core/directives';
import { Measurement } from '@tracecal/gateway-client';
import { signAnswer } from '@tracecal/gateway-client/device';
import { orderFindings } from '@tracecal/gateway-client/monitor';
import { directivesOn } from '@tracecal/monitor';
import type { DirectivesSource } from '@tracecal/monitor';
import { digest } from '../../../support/findings.js';
import { later } from '../../../support/hierarchy.js';
import { Instrument } from '../../../support/instrument.js';
import { ledgerOf } from '../../../support/ledgerOf.js';
import { levelsOfSiteA, recorderOf } from '../../../support/levels.js';
import type { Levels } from '../../../support/levels.js';
import { Operator, SENSOR } from '../../../support/operator.js';
import { ask } from '../../../support/registry.js';

describe("The directives on a site's channel, as its monitor reads them", () => {
  let levels: Levels;
  let operator: Operator;
  let site: Measurement;

  beforeEach(async () => {
    levels = await levelsOfSiteA();
    operator = new Operator(levels.hierarchy);
    site = new Measurement(ledgerOf(levels.measurement, recorderOf('oem-a')), () => undefined);
  });

  const now = () => levels.measurement.now;

  async function give(number: number, changes: Partial<Directive> = {}): Promise<string> {
    const content = operator.content(number, { date: now(), from: now(), ...changes });
    return (await site.giveDirective(await operator.envelope(content))).result.digest;
  }

  async function answer(directive: string, outcome: AnswerOutcome, by = SENSOR): Promise<void> {
    const words = { registry: operator.registry, directive, device: SENSOR, by, date: now(), what: 'it is in use' };
    const { jws } = await signAnswer({ outcome, ...words }, new Instrument(levels.hierarchy, by).signer);
    await site.answerDirective(jws);
  }

  const read = (source: DirectivesSource = site) =>
    directivesOn(source, operator.pin, async (device) => {
      const { record } = await ask<DeviceAnswer>(levels.registry, 'getDevice', device);
      return record.imprints.map(({ certificate }) => certificate);
    });

  const namesAt = async (hours: number, uses: readonly number[] = []): Promise<readonly string[]> => {
    const at = (hour: number) => later(now(), hour * 3600);
    const { directives, answers } = await read();
    const used = uses.map((hour) => ({ device: SENSOR, time: at(hour), evidence: digest(String(hour)) }));
    return orderFindings({ directives, answers, uses: used, now: at(hours) }).map(({ name }) => name);
  };

  it('show what was not carried out, and what was made good', async () => {
    const quarantine = await give(1);
    assert.deepEqual(await namesAt(2), [], 'there is time to answer');
    assert.deepEqual(await namesAt(30), ['not-carried-out']);
    await answer(quarantine, 'refused', 'oem-a/working-a');
    assert.deepEqual(await namesAt(2), ['not-carried-out']);
    await answer(quarantine, 'carried-out');
    assert.deepEqual(await namesAt(3), ['not-carried-out', 'carried-out'], 'the device itself has the last word');
    assert.deepEqual(await namesAt(3, [2]), ['not-carried-out', 'carried-out', 'not-carried-out'], 'but it is used');
  });

  it('end with a release that the operator signed', async () => {
    await answer(await give(1), 'carried-out');
    await answer(await give(2, { kind: 'release' }), 'carried-out');
    assert.deepEqual(await namesAt(3, [2]), []);
  });

  it('count only with the signatures of those who may give and answer them', async () => {
    await answer(await give(1), 'carried-out');
    const { directives, answers, doubtful } = await read();
    assert.deepEqual([directives.read.length, answers.length, doubtful], [1, 1, []]);
    async function* forgedAnswers(directive: string) {
      for await (const record of site.getAnswers(directive)) {
        const [signature] = record.answer.signatures;
        assert.ok(signature);
        const other = signature.signature.startsWith('A') ? 'B' : 'A';
        const forged = { ...signature, signature: `${other}${signature.signature.slice(1)}` };
        yield { ...record, answer: { ...record.answer, signatures: [forged] } };
      }
    }
    const listDirectives = () => site.listDirectives();
    const lied = await read({ listDirectives, getAnswers: forgedAnswers });
    assert.deepEqual(lied.answers, []);
    assert.match(lied.doubtful[0] ?? '', /^answer [0-9a-f]{64}: .*not signed by a key/);
    const others = new Operator(levels.hierarchy, 'oem-b');
    const foreign = await directivesOn(site, others.pin, () => Promise.resolve([]));
    assert.deepEqual(foreign.directives.read, []);
    assert.match(foreign.directives.broken[0] ?? '', /by oem-a, not by oem-b/);
  });
});
