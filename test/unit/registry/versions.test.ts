import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATEMENT_TYPES } from '@tracecal/core/model';
import type { Entry, Jws } from '@tracecal/core/model';
import { readStatement } from '@tracecal/gateway-client';
import { tracecal } from '../../support/commandLine.js';
import { AS_OF, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, Item } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { refuses, registryOf, storedIn, submit, submitAs } from '../../support/registry.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const UNKNOWN = {
  'tracecal-report/2': /type is "tracecal-report\/2"; this version of TraceCal knows tracecal-report\/1\.$/,
  'tracecal-report/0': /type is "tracecal-report\/0"; this version of TraceCal knows tracecal-report\/1\.$/,
  'tracecal-reports/1':
    /type is "tracecal-reports\/1"; this version of TraceCal knows tracecal-founding\/1, .*heartbeat\/1/,
} as const;

describe('A statement of an unknown type or version', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const remade = (item: Item, type: string): Item => ({
    ...item,
    statement: hierarchy.changed(item.statement, { type }, []),
  });
  const signed = (statement: Jws): Jws => ({ ...statement, signatures: [{ protected: 'eA', signature: 'eA' }] });

  for (const [type, words] of Object.entries(UNKNOWN)) {
    it(`is refused by the contract by name: ${type}`, async () => {
      const ledger = await registryOf(hierarchy);
      const report = hierarchy.addReport({ id: 'next', device: 'sensor-a', technician: 't-oem-a' });
      const item = remade(report, type);
      for (const transaction of ['createReport', 'submitStatements']) {
        const attempt = submitAs(ledger, transaction, { ...item, statement: signed(item.statement) });
        await refuses(attempt, 'VERSION_UNKNOWN', words);
      }
    });

    it(`is refused by the SDK and by every command that takes a file of statements: ${type}`, async () => {
      const statement = signed(remade(hierarchy.setInterval('sensor-a', 100), type).statement);
      assert.throws(() => readStatement(statement), words);
      const file = join(temporaryFolder(), 'statements.json');
      for (const item of [{ statement }, { ...hierarchy.setInterval('sensor-a', 90), acceptance: statement }]) {
        writeFileSync(file, JSON.stringify({ items: [item] }));
        for (const [command, ...as] of [['show'], ['sign', '--as', 'oem-a'], ['submit', '--as', 'oem-a']] as const) {
          const { code, stdout } = await tracecal(['statement', command, file, ...as, '--json']);
          const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
          assert.deepEqual([code, error.code], [2, 'VERSION_UNKNOWN'], command);
          assert.match(error.message, words);
        }
      }
    });
  }

  it('is refused beside another, as the acceptance of a report or the word of a founder', async () => {
    const ledger = await registryOf(hierarchy);
    const report = hierarchy.addReport({
      id: 'next',
      device: 'sensor-a',
      technician: 't-oem-a',
      parents: ['working-a-r1'],
    });
    const acceptance = hierarchy.changed(report.acceptance!, { type: 'tracecal-acceptance/2' }, [
      'officer:oem-a/officer',
    ]);
    await refuses(
      submit(ledger, { ...report, acceptance }),
      'VERSION_UNKNOWN',
      /acceptance\/2".*knows tracecal-acceptance\/1/,
    );
  });

  /** Adds to a record what a newer version of the registry might keep there. */
  const additions: Readonly<Record<string, () => void>> = {
    'the decisions of institutes': () => hierarchy.changeRegistry((record) => ({ ...record, changes: [newer()] })),
    'what was said against an organisation': () =>
      hierarchy.changeOrganisation('lab-alpha', (record) => ({ ...record, impediments: [newer()] })),
    'an accreditation': () =>
      hierarchy.changeOrganisation('lab-alpha', ({ accreditations, ...record }) => ({
        ...record,
        accreditations: [...accreditations, newer()],
      })),
    'the keys of a technician': () =>
      hierarchy.changePerson('t-lab-alpha', ({ authorisations, ...record }) => ({
        ...record,
        authorisations: [...authorisations, { ...newer(), certificate: authorisations[0]!.certificate }],
      })),
    'what was said against a device': () =>
      hierarchy.changeDevice('reference-a', (record) => ({ ...record, impediments: [newer()] })),
    'what owners say of a device': () =>
      hierarchy.changeDevice('sensor-a', ({ ownership, ...record }) => ({
        ...record,
        ownership: [...ownership, newer()],
      })),
    'what was said against a report': () =>
      hierarchy.changeReport('working-a-r1', (record) => ({ ...record, impediments: [newer()] })),
    'the report itself': () => hierarchy.changeReport('working-a-r1', (record) => ({ ...record, statement: newer() })),
    'a heartbeat': () => hierarchy.heartbeats.set('nmi-north', { institute: 'nmi-north', statement: newer() }),
  };
  const newer = (): Entry => {
    const [revocation] = [hierarchy.addStatement('revocation', ['device', 'sensor-b'])];
    const statement = hierarchy.changed(revocation.statement, { type: 'tracecal-revocation/2' }, [
      'officer:oem-b/officer',
    ]);
    return { jws: statement, registered: hierarchy.stamp() };
  };

  for (const [place, add] of Object.entries(additions)) {
    it(`stops a trace by name, since it may say anything: among ${place}`, async () => {
      assert.equal((await hierarchy.trace('sensor-a')).status, 'TRACEABLE');
      add();
      await assert.rejects(
        hierarchy.trace('sensor-a'),
        /^RegistryError: VERSION_UNKNOWN: the statement's type is "tracecal-revocation\/2"; .* knows tracecal-revocation\/1\.$/,
      );
    });
  }
});

describe('Every type of statement', () => {
  it('has a version', () => {
    for (const [kind, type] of Object.entries(STATEMENT_TYPES)) {
      assert.match(type, new RegExp(`^tracecal-${kind}/[1-9]\\d*$`));
    }
  });
});

describe('A record on the ledger', () => {
  let ledger: MemoryLedger;

  beforeEach(async () => {
    ledger = await registryOf(await twoCountries());
  });

  it('has a version, whatever it holds', () => {
    for (const [key, bytes] of ledger.state) {
      assert.match(String(bytes), /^\{"record":.*,"version":1\}$/s, key);
    }
  });

  for (const [version, words] of [
    [2, 'version 2'],
    [0, 'version 0'],
    ['1', 'version "1"'],
    [undefined, 'no version'],
  ] as const) {
    const refusal = (name: string) =>
      new RegExp(`the record ${name} has ${words}; this version of TraceCal knows version 1\\.$`);
    const change = (key: string) =>
      ledger.state.set(key, Buffer.from(JSON.stringify({ record: storedIn(ledger, key), version })));

    it(`is refused by name in a trace, a transaction and a list if it has ${words}`, async () => {
      change('\u0000device\u0000lab-alpha/reference-a\u0000');
      const trace = ledger.evaluate('traceCal', 'oem-a/sensor-a', JSON.stringify({ asOf: AS_OF }));
      await refuses(trace, 'VERSION_UNKNOWN', refusal('device lab-alpha/reference-a'));

      change('\u0000owner\u0000oem-a\u0000oem-a/sensor-a\u0000');
      const list = ledger.evaluate('findDevices', JSON.stringify({ owner: 'oem-a' }));
      await refuses(list, 'VERSION_UNKNOWN', refusal('owner oem-a oem-a/sensor-a'));

      change('\u0000epoch\u0000');
      await refuses(
        ledger.submit({ mspId: 'NmiNorthMSP' }, 'anchor', 'ab'.repeat(32)),
        'VERSION_UNKNOWN',
        refusal('epoch'),
      );
    });
  }

  it('that is no record at all is refused by name', async () => {
    const trace = () => ledger.evaluate('traceCal', 'oem-a/sensor-a', JSON.stringify({ asOf: AS_OF }));
    for (const text of ['null', '[]', '"text"', '1']) {
      ledger.state.set('\u0000device\u0000oem-a/sensor-a\u0000', Buffer.from(text));
      await refuses(trace(), 'VERSION_UNKNOWN', /the record device oem-a\/sensor-a has no version/);
    }
  });
});
