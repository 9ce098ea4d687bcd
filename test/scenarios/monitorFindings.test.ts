import assert from 'node:assert/strict';
import { findingId } from '@tracecal/core/contracts';
import type { Finding, Page, RecordedFinding } from '@tracecal/core/contracts';
import { instantOf } from '@tracecal/core/model';
import { connectMonitoring, TraceCalError } from '@tracecal/gateway-client';
import type { Monitoring } from '@tracecal/gateway-client';
import { orderFindings } from '@tracecal/gateway-client/monitor';
import { directivesOn } from '@tracecal/monitor';
import { Application, credentialsOf, text } from '../support/application.js';
import { enrolled } from '../support/credentials.js';
import { engineName, type EngineNetwork } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { failureOf } from '../support/failure.js';
import { digest, findingOf, identified } from '../support/findings.js';
import { later, presentDates, twoCountries, type Hierarchy } from '../support/hierarchy.js';
import { Operator, SENSOR } from '../support/operator.js';
import { RegistryNetwork } from '../support/registryNetwork.js';

const START_MS = 240_000;
const CHANNEL = 'monitoring-a';

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => assert.fail('the attempt succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof TraceCalError) return error.code;
  throw error;
}

/** What the monitor had sent. */
function contentOf({ name, subject, says, evidence, from, to, proposes }: RecordedFinding): Finding {
  return { name, subject, says, evidence, from, to, ...(proposes && { proposes }) };
}

describe(`Findings of a monitor [${engineName}]`, () => {
  let running: RegistryNetwork;
  let network: EngineNetwork;
  let hierarchy: Hierarchy;
  let monitor: Monitoring;
  let operator: Monitoring;
  const opened: { close(): void }[] = [];

  before(async function () {
    this.timeout(START_MS);
    hierarchy = await twoCountries(undefined, presentDates());
    await hierarchy.addOrganisation({ id: 'monitor', kind: 'MONITOR', certifiedBy: 'nmi-north' });
    running = await RegistryNetwork.start(hierarchy);
    network = running.network;
    await running.submitNew();
    monitor = await compartmentOf('monitor');
    operator = await compartmentOf('oem-a');
  });

  after(async function () {
    this.timeout(START_MS);
    for (const each of opened) each.close();
    await (running as RegistryNetwork | undefined)?.stop();
  });

  async function compartmentOf(organisation: string): Promise<Monitoring> {
    return use(await connectMonitoring({ profile: running.profileOf(organisation), channel: CHANNEL }));
  }

  function use<T extends { close(): void }>(each: T): T {
    opened.push(each);
    return each;
  }

  async function readBy(compartment: Monitoring): Promise<readonly RecordedFinding[]> {
    const findings: RecordedFinding[] = [];
    for await (const finding of compartment.getFindings()) findings.push(finding);
    return findings;
  }

  /** An organisation's client, or its administrator with every role, at the peer of another one. */
  const contractAt = (peer: string, credentials: ReturnType<typeof credentialsOf>) =>
    use(new Application(network, peer, { credentials }))
      .network(CHANNEL)
      .getContract('monitoring', 'monitoring');

  it('are recorded by the monitor and read by the operator of the site', async () => {
    const quarantine = { action: 'quarantine', devices: ['oem-a/sensor-a'] } as const;
    const cohort = { kind: 'cohort', id: 'firmware=2.1.7' } as const;
    const findings = [findingOf('one'), findingOf('two', { subject: cohort, proposes: quarantine })];
    const { result, endorsedBy } = await eventually(() => monitor.recordFindings(findings));
    assert.deepEqual(result.ids, findings.map(findingId));
    assert.deepEqual(endorsedBy, ['MonitorMSP']);
    await eventually(async () => {
      const read = await readBy(operator);
      assert.deepEqual(
        read.map(({ id, by }) => [id, by]),
        findings.map((finding) => [findingId(finding), 'MonitorMSP']),
      );
      assert.deepEqual(read[1]?.proposes, quarantine);
    });
  });

  it('stay as they are when the monitor sends them again, also several times at once', async () => {
    const before = await readBy(monitor);
    const again = before.map(contentOf);
    const answers = await Promise.all(
      [again, again, [...again, findingOf('three')]].map((all) => monitor.recordFindings(all)),
    );
    assert.deepEqual(
      answers.map(({ result }) => [result.ids.length, result.known.length]),
      [
        [0, before.length],
        [0, before.length],
        [1, before.length],
      ],
    );
    const after = await readBy(monitor);
    assert.deepEqual(after.slice(0, before.length), before);
    assert.equal(after.length, before.length + 1);
  });

  it('lead to an order of the operator, and the monitor records that it was not carried out, and then that it was', async () => {
    const orderer = new Operator(hierarchy);
    const site = use(await running.measurement('measurement-a', 'oem-a'));
    const watched = use(await running.measurement('measurement-a', 'monitor'));
    const registry = await running.as('monitor');
    const date = instantOf(Date.now() - 7_200_000);
    const order = async (number: number, kind: 'quarantine' | 'release', from: string): Promise<string> => {
      const envelope = await orderer.envelope(orderer.content(number, { date: from, from, kind }));
      return (await eventually(() => site.giveDirective(envelope))).result.digest;
    };
    const look = async (): Promise<readonly string[]> => {
      const certificatesOf = async (device: string) =>
        (await registry.getDevice(device)).record.imprints.map(({ certificate }) => certificate);
      const { directives, answers } = await directivesOn(watched, orderer.pin, certificatesOf);
      // The order is two hours old, and the device was used for one of them.
      const uses = [30, 60].map((minutes) => ({
        device: SENSOR,
        time: later(date, minutes * 60),
        evidence: digest(`a value after ${minutes} minutes`),
      }));
      const orders = { directives, answers, uses, now: instantOf(Date.now()) };
      const found = orderFindings(orders, { graceMinutes: 5, answerHours: 1 });
      if (found.length > 0) await monitor.recordFindings(found);
      return found.map(({ name }) => name);
    };
    const quarantine = await order(1, 'quarantine', date);
    await eventually(async () => assert.deepEqual(await look(), ['not-carried-out', 'not-carried-out']));
    await order(2, 'release', instantOf(Date.now()));
    const expected = ['not-carried-out', 'carried-out', 'not-carried-out', 'carried-out'];
    await eventually(async () => assert.deepEqual(await look(), expected));
    await eventually(async () => {
      const about: RecordedFinding[] = [];
      const subject = { kind: 'device', id: SENSOR } as const;
      for await (const finding of operator.getFindings({ subject })) about.push(finding);
      const orders = about.filter(({ name }) => name.endsWith('carried-out'));
      assert.equal(new Set(orders.map(({ id }) => id)).size, orders.length, 'each once');
      assert.ok(orders.some(({ name, evidence }) => name === 'not-carried-out' && evidence.includes(quarantine)));
      assert.deepEqual(orders.map(({ name }) => name).sort(), [...expected].sort());
    });
  });

  for (const stranger of ['oem-b', 'lab-alpha', 'nmi-north']) {
    it(`are neither read nor written by ${stranger}, at its own peer or at another`, async () => {
      const own = await compartmentOf(stranger);
      assert.match(await codeOf(readBy(own)), /^(CHAINCODE_UNAVAILABLE|NOT_READY|NOT_PERMITTED)$/);
      for (const peer of ['monitor', 'oem-a']) {
        const intruder = contractAt(peer, credentialsOf(network, stranger));
        const request = JSON.stringify({ findings: [identified(findingOf('forged'))] });
        for (const attempt of [
          intruder.evaluateTransaction('getFindings', '{}'),
          intruder.submitTransaction('recordFindings', request),
        ]) {
          assert.match((await failureOf(attempt)).text, /access denied|does not have access|permission denied/i);
        }
      }
    });
  }

  it('are not written by the operator, whose administrator has every role that its own CA can give', async () => {
    const praise = JSON.stringify({ findings: [identified(findingOf('all is well'))] });
    assert.equal(await codeOf(operator.recordFindings([findingOf('all is well')])), 'NOT_AUTHORISED');
    const administrator = await enrolled(network, 'oem-a', { role: 'admin', roles: ['recorder'] });
    const failure = await failureOf(contractAt('monitor', administrator).submitTransaction('recordFindings', praise));
    assert.match(failure.text, /NOT_AUTHORISED|FORBIDDEN|implicit policy/);
    const page = text(
      await contractAt('oem-a', credentialsOf(network, 'oem-a')).evaluateTransaction('getFindings', '{}'),
    );
    const { items } = JSON.parse(page) as Page<RecordedFinding>;
    assert.ok(items.every(({ by }) => by === 'MonitorMSP'));
  });
});
