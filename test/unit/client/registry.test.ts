import assert from 'node:assert/strict';
import { status as Grpc } from '@grpc/grpc-js';
import { canonicalJson, instantOf } from '@tracecal/core/model';
import type { Subject } from '@tracecal/core/model';
import { traceOptions } from '@tracecal/core/trace';
import type { TraceOptions } from '@tracecal/core/trace';
import { TraceCal } from '@tracecal/gateway-client';
import type { Item, TraceQuestion } from '@tracecal/gateway-client';
import { failsWith } from '../../support/clientFailure.js';
import { FakeGateway, gatewayError } from '../../support/fakeGateway.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { twoCountries } from '../../support/hierarchy.js';
import { TRANSACTIONS } from '../../support/hierarchy/transactions.js';
import { reportAnswer } from '../../support/reportAnswer.js';

const DIGEST = 'ab'.repeat(32);
const SENSOR = 'oem-a/sensor-a';

describe('the registry through the SDK', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  /** A registry that answers these, and what was asked of it. */
  function registry(answers: Readonly<Record<string, unknown>> = {}) {
    const gateway = new FakeGateway({
      result: canonicalJson({ type: 'Consented', epoch: 1, items: [] }),
      evaluate: (transaction, args) => {
        const answer = answers[transaction] ?? null;
        const given = typeof answer === 'function' ? (answer as Answering)(...args) : answer;
        return Promise.resolve(Buffer.from(canonicalJson(given)));
      },
    });
    return { tracecal: new TraceCal(gateway.ledger, 'registry', () => undefined), proposals: gateway.proposals };
  }

  describe('when it is written to', () => {
    const names = [...Object.values(TRANSACTIONS), 'amendReport', 'submitStatements'] as const;
    const items = (): readonly Item[] => [
      { statement: hierarchy.recordOf('sensor-a-r1').statement.jws },
      { statement: hierarchy.recordOf('sensor-b-r1').statement.jws, certificate: 'AAAA' },
    ];

    for (const name of names) {
      it(`gets one statement or several with ${name}`, async () => {
        const { tracecal, proposals } = registry();
        const [first] = items();
        assert.equal((await tracecal[name](first!)).result.type, 'Consented');
        await tracecal[name](items());
        assert.deepEqual(proposals, [
          [name, canonicalJson({ items: [first] })],
          [name, canonicalJson({ items: items() })],
        ]);
      });
    }

    it('gets the root of an anchor as it is', async () => {
      const { tracecal, proposals } = registry();
      await tracecal.anchor(DIGEST);
      assert.deepEqual(proposals, [['anchor', DIGEST]]);
    });
  });

  describe('when it is asked about a device', () => {
    async function asked(question: TraceQuestion): Promise<Readonly<Record<string, unknown>>> {
      const { tracecal, proposals } = registry({ traceCal: answered });
      await tracecal.traceCal(SENSOR, question);
      const [transaction, device, options = ''] = proposals[0]!;
      assert.deepEqual([transaction, device], ['traceCal', SENSOR]);
      return JSON.parse(options) as Readonly<Record<string, unknown>>;
    }

    it('is asked about now and everything, and trusts no root by itself', async () => {
      const before = instantOf(Date.now());
      const { asOf, ...others } = await asked({});
      assert.ok(typeof asOf === 'string' && asOf >= before, String(asOf));
      assert.deepEqual(others, {
        knownAt: null,
        quantity: null,
        intervalDays: null,
        freshness: null,
        heartbeats: null,
        roots: null,
      });
    });

    it('is asked what the asker wants to know, in the form that it takes', async () => {
      const question = {
        asOf: '2026-01-01T12:00:00Z',
        knownAt: '2025-07-01T00:00:00Z',
        quantity: 'temperature',
        intervalDays: 30,
        roots: [DIGEST],
        explain: true,
      };
      const at = { value: 20, arguments: { frequency: 50 } };
      const options = await asked({ ...question, at, maxAgeSeconds: 3600 });
      const { freshness, ...others } = traceOptions(options);
      const place = { value: 20, arguments: [{ name: 'frequency', value: 50 }] };
      assert.deepEqual(others, { ...question, at: place, heartbeats: null });
      assert.equal(freshness?.maxAgeSeconds, 3600);
    });

    it('is given the fingerprints in a trust file, and how many heartbeats it asks for', async () => {
      const other = 'cd'.repeat(32);
      const { roots, heartbeats } = await asked({
        roots: {
          type: 'tracecal-trust/1',
          roots: [
            { name: 'a', sha256: other },
            { name: 'b', sha256: DIGEST },
          ],
          heartbeats: { k: 2 },
        },
      });
      assert.deepEqual([roots, heartbeats], [[DIGEST, other], 2]);
    });
  });

  describe('when it is asked for lists', () => {
    it('is asked page by page, each when its first item is', async () => {
      const { tracecal, proposals } = registry({ listReports: { items: [{ id: 'r' }], bookmark: '' } });
      const ids: string[] = [];
      for await (const { id } of tracecal.listReports(SENSOR)) {
        ids.push(id);
      }
      assert.deepEqual(ids, ['r']);
      assert.deepEqual(proposals, [['listReports', canonicalJson({ device: SENSOR, bookmark: '' })]]);
    });

    it('is asked about epochs by their numbers, and about the open one without', async () => {
      const { tracecal, proposals } = registry({ getEpoch: { number: 7 }, getEpochDigest: { epoch: 7 } });
      await tracecal.getEpoch();
      await tracecal.getEpoch(7);
      await tracecal.getEpochDigest(7);
      assert.deepEqual(proposals, [
        ['getEpoch', ''],
        ['getEpoch', '7'],
        ['getEpochDigest', '7'],
      ]);
    });
  });

  describe('when the next statement is to be signed', () => {
    const next = (author: string, subject: Subject) => {
      const { tracecal } = registry({
        getDevice: { id: SENSOR, record: hierarchy.devices.get(SENSOR) },
        getOrganisation: { id: 'lab-alpha', record: hierarchy.organisations.get('lab-alpha') },
        getRegistry: { record: hierarchy.registryRecord },
        getTechnician: { id: 'oem-a/t-oem-a', record: hierarchy.people.get('oem-a/t-oem-a') },
        getReport: reportAnswer(hierarchy, 'oem-a/sensor-a-r1'),
        getConsents: [],
        getConfirmations: [],
        getVouchings: [],
        getReviews: hierarchy.reviewsOf.get('oem-a/sensor-a-r1 oem-a') ?? [],
      });
      return tracecal.nextNumber(author, subject);
    };

    it('tells its number: one more than the last of its author about its subject', async () => {
      const device = { kind: 'device', id: SENSOR } as const;
      assert.equal(await next('oem-a', device), 2, 'the acceptance of its report was the first');
      hierarchy.setInterval('sensor-a', 30);
      hierarchy.addStatement('suspension', ['device', 'sensor-a'], { author: 'lab-alpha' });
      assert.equal(await next('oem-a', device), 3);
      assert.equal(await next('lab-alpha', device), 2);
      assert.equal(await next('nmi-north', device), 1);
    });

    it('tells it for every kind of subject', async () => {
      assert.equal(await next('nmi-north', { kind: 'registry', id: 'calibration' }), 1);
      assert.equal(await next('nmi-north', { kind: 'organisation', id: 'lab-alpha' }), 2, 'it has accredited it once');
      assert.equal(await next('oem-a', { kind: 'person', id: 'oem-a/t-oem-a' }), 2);
      assert.equal(await next('oem-a', { kind: 'report', id: 'oem-a/sensor-a-r1' }), 1);
    });

    it('tells 1 for a person who is not registered yet, and refuses what else is not there', async () => {
      const gateway = new FakeGateway({ evaluate: () => Promise.reject(notFound()) });
      const tracecal = new TraceCal(gateway.ledger, 'registry', () => undefined);
      assert.equal(await tracecal.nextNumber('oem-a', { kind: 'person', id: 'oem-a/t-9' }), 1);
      await assert.rejects(
        tracecal.nextNumber('oem-a', { kind: 'device', id: 'oem-a/sensor-9' }),
        failsWith('NOT_FOUND'),
      );
    });

    it('counts a standing consent, and what the institutes decided about one of them', async () => {
      hierarchy.consent('oem-a', { laboratory: 'lab-alpha', number: 6 });
      const consent = hierarchy.steps.at(-1)!.item.statement;
      const { tracecal } = registry({
        getOrganisation: { id: 'lab-alpha', record: hierarchy.organisations.get('lab-alpha') },
        getRegistry: { record: hierarchy.registryRecord },
        getConsents: [{ jws: consent }],
      });
      assert.equal(await tracecal.nextNumber('oem-a', { kind: 'organisation', id: 'lab-alpha' }), 7);
      const institute = { kind: 'organisation', id: 'nmi-south' } as const;
      const ofInstitute = () =>
        registry({
          getOrganisation: { id: 'nmi-south', record: hierarchy.organisations.get('nmi-south') },
          getRegistry: { record: hierarchy.registryRecord },
          getConsents: [],
        }).tracecal.nextNumber('nmi-north', institute);
      const before = await ofInstitute();
      hierarchy.addStatement('revocation', ['organisation', 'nmi-south'], { author: 'nmi-north' });
      assert.equal(await ofInstitute(), before + 1);
    });
  });
});

type Answering = (...args: readonly string[]) => unknown;

/** As much of a verdict as tells which question it answers. */
const answered: Answering = (device, options = '') => {
  const { asOf, knownAt, quantity, at } = JSON.parse(options) as TraceOptions;
  const status = 'TRACEABLE';
  return { device, asOf, knownAt, quantity, ...(at && { at }), status, requirements: { fulfilled: true } };
};

function notFound() {
  const said = 'chaincode response 500, NOT_FOUND: no such thing is registered here.';
  return gatewayError(Grpc.UNKNOWN, 'evaluate call failed', [said]);
}
