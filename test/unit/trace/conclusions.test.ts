import assert from 'node:assert/strict';
import { canonicalJson, instantOf, millisecondsOf, plusDays, RegistryError } from '@tracecal/core/model';
import { traceCal, traceOptions } from '@tracecal/core/trace';
import type { RecordSource } from '@tracecal/core/trace';
import fc from 'fast-check';
import { AS_OF, temperatureResult, transcribing, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { asyncProperty } from '../../support/property.js';
import { build, plans } from '../../support/randomHierarchy.js';

/** A hierarchy's records, as a chaincode reads them: frozen, and the same object as long as they are the same. */
class Shared {
  readonly #known = new Map<string, { readonly text: string; readonly record: unknown }>();

  /** @param frozen False: nobody could remember what follows from them. */
  source(hierarchy: Hierarchy, frozen: boolean, asked: string[]): RecordSource {
    const read = <T>(name: string, record: Promise<T>): Promise<T> => {
      asked.push(name);
      return record.then((found) => (found === undefined ? found : (this.#shared(name, found, frozen) as T)));
    };
    return {
      channel: hierarchy.channel,
      founding: () => read('founding', hierarchy.founding()),
      organisation: (id) => read(`organisation ${id}`, hierarchy.organisation(id)),
      person: (id) => read(`person ${id}`, hierarchy.person(id)),
      device: (id) => read(`device ${id}`, hierarchy.device(id)),
      report: (id) => read(`report ${id}`, hierarchy.report(id)),
      results: (id, quantity) => read(`results ${id} ${quantity}`, hierarchy.results(id, quantity)),
      consents: (owner, laboratory) => read(`consents ${owner} ${laboratory}`, hierarchy.consents(owner, laboratory)),
      settled: (id, report) => read(`settled ${id} ${report}`, hierarchy.settled(id, report)),
      reviews: (id, laboratory) => read(`reviews ${id} ${laboratory}`, hierarchy.reviews(id, laboratory)),
      confirmations: (id) => read(`confirmations ${id}`, hierarchy.confirmations(id)),
      vouchings: (id) => read(`vouchings ${id}`, hierarchy.vouchings(id)),
      heartbeat: (id) => read(`heartbeat ${id}`, hierarchy.heartbeat(id)),
    };
  }

  #shared(name: string, found: unknown, frozen: boolean): unknown {
    const text = JSON.stringify(found);
    const known = this.#known.get(name);
    if (!frozen || known?.text === text) {
      return frozen ? known?.record : JSON.parse(text);
    }
    const record = JSON.parse(text, (_, value: unknown) => Object.freeze(value)) as unknown;
    this.#known.set(name, { text, record });
    return record;
  }
}

/** A source that cannot read some records, as a peer that fails, or a transaction whose items rest on one another. */
function failing(source: RecordSource, unreadable: (name: string) => boolean): RecordSource {
  const read = <T>(name: string, again: () => Promise<T>): Promise<T> =>
    unreadable(name) ? Promise.reject(new RegistryError('NOT_FOUND', 'this record cannot be read now.')) : again();
  return {
    channel: source.channel,
    founding: () => read('founding', () => source.founding()),
    organisation: (id) => read(id, () => source.organisation(id)),
    person: (id) => read(id, () => source.person(id)),
    device: (id) => read(id, () => source.device(id)),
    report: (id) => read(id, () => source.report(id)),
    results: (id, quantity) => read(id, () => source.results(id, quantity)),
    settled: (id, report) => read(id, () => source.settled(id, report)),
    consents: (owner, laboratory) => read(owner, () => source.consents(owner, laboratory)),
    reviews: (id, laboratory) => read(id, () => source.reviews(id, laboratory)),
    confirmations: (id) => read(id, () => source.confirmations(id)),
    vouchings: (id) => read(id, () => source.vouchings(id)),
    heartbeat: (id) => read(id, () => source.heartbeat(id)),
  };
}

describe('What a trace remembers of the records', () => {
  const statement = fc.record({
    kind: fc.constantFrom('revocation', 'suspension', 'reinstatement' as const),
    about: fc.constantFrom('device', 'person', 'organisation', 'report' as const),
    which: fc.nat(),
    cessation: fc.boolean(),
    effective: fc.constantFrom('2025-01-05T00:00:00Z', '2025-02-01T00:00:00Z', '2025-12-01T00:00:00Z'),
  });
  const marked = fc.constantFrom(AS_OF, '2025-01-20T00:00:00Z', '2025-06-01T00:00:00Z');
  const moment = fc.oneof(
    marked,
    fc.nat(1500).map((days) => `${plusDays('2023-12-01', days)}T12:00:00Z`),
  );
  const questions = fc.array(
    fc.record(
      {
        asOf: moment,
        intervalDays: fc.constantFrom(30, 400),
        quantity: fc.constantFrom('temperature', 'pressure'),
        explain: fc.boolean(),
        freshness: fc.record({ now: moment, maxAgeSeconds: fc.constantFrom(60, 8_640_000) }),
      },
      { requiredKeys: ['asOf'] },
    ),
    { minLength: 1 },
  );

  it('changes neither its verdict nor what it reads, in what order, whatever is said in between and asked about', async () => {
    await asyncProperty(
      fc.tuple(plans, fc.array(statement, { maxLength: 4 }), questions),
      async ([plan, statements, asked]) => {
        const { hierarchy, devices } = await build(plan);
        const shared = new Shared();
        let turn = 0;
        const compare = async (): Promise<void> => {
          for (const device of [...devices, ...devices]) {
            turn += 1;
            const options = traceOptions(asked[turn % asked.length]);
            const [warm, cold]: [string[], string[]] = [[], []];
            const verdict = await traceCal(shared.source(hierarchy, true, warm), device, options);
            const plain = await traceCal(shared.source(hierarchy, false, cold), device, options);
            assert.equal(canonicalJson(verdict), canonicalJson(plain));
            assert.deepEqual([...new Set(warm)], [...new Set(cold)]);
          }
        };
        await compare();
        for (const { kind, about, which, cessation, effective } of statements) {
          const held = { device: hierarchy.devices, person: hierarchy.people, organisation: hierarchy.organisations };
          const ids = about === 'report' ? [...hierarchy.reports.keys()] : [...held[about].keys()];
          hierarchy.addStatement(kind, [about, ids[which % ids.length]!], {
            reason: cessation ? 'cessation' : 'fraud',
            effective,
          });
          await compare();
        }
      },
      6,
    );
  });

  it('holds for every moment until something would come in between', async () => {
    const hierarchy = await twoCountries();
    const shared = new Shared();
    const edgesAt = async (asOf: string) =>
      (await traceCal(shared.source(hierarchy, true, []), 'oem-a/sensor-a', traceOptions({ asOf }))).edges;
    const before = await edgesAt(AS_OF);
    const registered = hierarchy.reports.get('oem-a/sensor-a-r1')!.statement.registered.date;
    assert.equal(await edgesAt(instantOf(millisecondsOf(AS_OF) + 1000)), before);
    assert.notEqual(await edgesAt(instantOf(millisecondsOf(registered) - 1000)), before);
  });

  for (const [what, subject] of [
    ['the traced device', ['device', 'oem-a/sensor-a']],
    ['a standard', ['device', 'oem-a/working-a']],
    ['a laboratory', ['organisation', 'lab-alpha']],
    ['a technician', ['person', 'lab-alpha/t-lab-alpha']],
    ['an officer', ['person', 'oem-a/officer']],
  ] as const) {
    it(`holds for every moment after a suspension of ${what} was lifted`, async () => {
      const hierarchy = await twoCountries();
      const shared = new Shared();
      const edgesAt = async (asOf: string) =>
        (await traceCal(shared.source(hierarchy, true, []), 'oem-a/sensor-a', traceOptions({ asOf }))).edges;
      hierarchy.addStatement('suspension', subject, { effective: '2025-06-01T00:00:00Z' });
      hierarchy.addStatement('reinstatement', subject, { effective: '2025-06-05T00:00:00Z' });
      const [lifted, after] = [AS_OF, instantOf(millisecondsOf(AS_OF) + 1000)];
      assert.equal(await edgesAt(after), await edgesAt(lifted));
      assert.notEqual(await edgesAt('2025-06-02T00:00:00Z'), await edgesAt(lifted));
    });
  }

  it('holds for every moment after a transcription was confirmed', async () => {
    const hierarchy = await twoCountries();
    const results = [temperatureResult(0.02)];
    const stated = transcribing({ number: 'N-1', laboratory: 'The nmi-north', country: 'DE', issuer: 'nmi-north' });
    const report = { device: 'reference-a', technician: 't-lab-alpha', performed: '2025-12-01' };
    hierarchy.addReport({ ...report, id: 'old', results, stated });
    hierarchy.confirm('lab-beta', 'old');
    hierarchy.confirm('nmi-east', 'old');
    hierarchy.addStatement('suspension', ['organisation', 'nmi-east'], { effective: '2025-06-01T00:00:00Z' });
    hierarchy.addStatement('reinstatement', ['organisation', 'nmi-east'], { effective: '2025-06-05T00:00:00Z' });
    const shared = new Shared();
    const edgesAt = async (asOf: string) =>
      (await traceCal(shared.source(hierarchy, true, []), 'lab-alpha/reference-a', traceOptions({ asOf }))).edges;
    assert.equal(await edgesAt(instantOf(millisecondsOf(AS_OF) + 1000)), await edgesAt(AS_OF));
  });

  it('cannot be changed by those who got it', async () => {
    const hierarchy = await twoCountries();
    const verdict = await traceCal(
      new Shared().source(hierarchy, true, []),
      'oem-a/sensor-a',
      traceOptions({ asOf: AS_OF }),
    );
    for (const shared of [
      verdict.due,
      verdict.edges,
      verdict.edges[0],
      verdict.results,
      verdict.roots,
      verdict.institutes,
    ]) {
      assert.ok(Object.isFrozen(shared));
    }
  });

  it('is nothing that followed from a record which could not be read', async () => {
    const hierarchy = await twoCountries();
    const names = [...hierarchy.people.keys(), ...hierarchy.organisations.keys(), ...hierarchy.devices.keys()];
    const shared = new Shared();
    for (const missing of names) {
      hierarchy.addStatement('suspension', ['report', 'oem-b/sensor-b-r1'], { reason: 'unspecified' });
      const traced = async (spoilt: boolean): Promise<string> => {
        const source = shared.source(hierarchy, true, []);
        const options = traceOptions({ asOf: AS_OF });
        return traceCal(spoilt ? failing(source, (name) => name === missing) : source, 'oem-a/sensor-a', options)
          .then(({ status }) => status)
          .catch(() => 'unread');
      };
      await traced(true);
      assert.equal(await traced(false), 'TRACEABLE', missing);
    }
  });
});
