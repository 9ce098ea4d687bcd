import assert from 'node:assert/strict';
import { MAX_LINES, MAX_VOUCHINGS_OF_AN_AUTHOR } from '@tracecal/core/model';
import type { AffectedDevice, HistoryEntry, Page, ReportAnswer } from '@tracecal/core/contracts';
import type { Vouching } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import { lineDigest } from '@tracecal/core/trace';
import type { Verdict } from '@tracecal/core/trace';
import {
  cmcOf,
  massResult,
  massScope,
  temperatureResult,
  temperatureScope,
  twoCountries,
} from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

const SECRET = 0.0173;

describe('A registry with confidential results', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  const report = {
    id: 'private',
    device: 'working-a',
    technician: 't-lab-alpha',
    parents: ['reference-a-r1'],
    performed: '2025-12-20',
    results: [temperatureResult(SECRET)],
    sealed: ['temperature'],
  } as const;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const verdict = () => ask<Verdict>(ledger, 'traceCal', 'oem-a/working-a', {});
  const status = async () => (await verdict()).status;

  it('takes in the report without them, and never holds their numbers or salts', async () => {
    const item = hierarchy.addReport(report);
    assert.deepEqual(item.results, []);
    await submit(ledger, item);
    await submit(ledger, await hierarchy.vouch('lab-beta', 'private'));
    const answer = await ask<ReportAnswer>(ledger, 'getReport', 'lab-alpha/private');
    assert.deepEqual(answer.results, []);
    assert.equal(answer.body.results[0]?.sealed, true);
    assert.equal(answer.body.results[0].extents, undefined);
    const all = [...ledger.state.values()].map((value) => Buffer.from(value).toString()).join('\n');
    const payloads = [...all.matchAll(/"payload":"([^"]*)"/g)].map(([, text = '']) =>
      Buffer.from(text, 'base64url').toString(),
    );
    const held = [all, ...payloads].join('\n');
    assert.ok(held.includes('lab-alpha/private'));
    for (const { salt } of hierarchy.disclosuresOf('private').flatMap(({ leaves }) => leaves)) {
      assert.ok(!held.includes(salt));
    }
    assert.ok(!held.includes(String(SECRET)));
  });

  it('refuses what is passed of them, and sealed results that state where they hold', async () => {
    const item = hierarchy.addReport({ ...report, accepted: false });
    await refuses(submit(ledger, { ...item, results: report.results }), 'INPUT_INVALID', /are not those whose digests/);
    await refuses(
      submit(ledger, { ...item, results: [massResult(1)] }),
      'INPUT_INVALID',
      /are not those whose digests/,
    );
  });

  it('holds confidential and public kinds of one report, and asks for the public ones', async () => {
    await hierarchy.addDevice({ id: 'both', technician: 't-lab-alpha' });
    const step = hierarchy.steps.at(-1);
    await submit(ledger, step!.item);
    const results = [massResult(0.01), temperatureResult(SECRET)];
    const item = hierarchy.addReport({ ...report, id: 'mixed', device: 'both', results });
    await refuses(submit(ledger, { ...item, results: [] }), 'INPUT_INVALID', /are not those whose digests/);
    await submit(ledger, item);
    const answer = await ask<ReportAnswer>(ledger, 'getReport', 'lab-alpha/mixed');
    assert.deepEqual(
      answer.results.map(({ quantity }) => quantity),
      ['mass'],
    );
  });

  it('accepts no such report by a standing consent', async () => {
    await submit(ledger, hierarchy.consent('oem-a', { laboratory: 'lab-alpha' }));
    await submit(ledger, hierarchy.addReport({ ...report, accepted: false }));
    assert.equal(await status(), 'TRACEABLE', 'the older report counts');
    await submit(ledger, hierarchy.accept('private'));
    assert.equal(await status(), 'INCOMPLETE');
  });

  it('shows who vouches for it, and in its history', async () => {
    await submit(ledger, hierarchy.addReport(report));
    assert.equal(await status(), 'INCOMPLETE');
    await submit(ledger, await hierarchy.vouch('lab-beta', 'private'));
    assert.equal(await status(), 'ATTESTED');
    await submit(ledger, await hierarchy.vouch('nmi-east', 'private'));
    assert.equal(await status(), 'TRACEABLE');
    assert.equal((await ask<readonly unknown[]>(ledger, 'getVouchings', 'lab-alpha/private')).length, 2);
    const question = { kind: 'report', id: 'lab-alpha/private', pageSize: 10, bookmark: '' };
    const { items } = await ask<Page<HistoryEntry>>(ledger, 'history', question);
    assert.deepEqual(
      items.flatMap(({ changes }) => changes.map(({ what, by, judged }) => [what, by, judged?.['temperature']])),
      [
        ['report', 'lab-alpha', undefined],
        ['vouching', 'lab-beta', 'sound'],
        ['vouching', 'nmi-east', 'sound'],
      ],
    );
  });

  it('takes the word of those who may have read it, about what the report sealed', async () => {
    await submit(ledger, hierarchy.addReport(report));
    await refuses(
      submit(ledger, await hierarchy.vouch('oem-b', 'private')),
      'NOT_AUTHORISED',
      /oem-b may not vouch for report lab-alpha\/private/,
    );
    await submit(ledger, await hierarchy.vouch('oem-a', 'private'));
    const root = 'ab'.repeat(32);
    const opened = [{ report: 'lab-alpha/private', quantity: 'temperature', root }];
    await refuses(
      submit(ledger, await hierarchy.vouch('lab-beta', 'private', { changes: { opened } })),
      'INPUT_INVALID',
      /has not sealed its temperature with that root/,
    );
    const own = readStatement((await hierarchy.vouch('lab-beta', 'private')).statement).body as Vouching;
    const repeated = { opened: [...own.opened, ...own.opened] };
    await refuses(
      submit(ledger, await hierarchy.vouch('lab-beta', 'private', { changes: repeated })),
      'INPUT_INVALID',
      /names temperature of report lab-alpha\/private twice/,
    );
    await refuses(
      submit(ledger, await hierarchy.vouch('lab-beta', 'private', { changes: { digest: root } })),
      'INPUT_INVALID',
      /another digest than the one that was judged/,
    );
    await refuses(
      submit(ledger, await hierarchy.vouch('lab-beta', 'private', { changes: { policy: root } })),
      'INPUT_INVALID',
      /other thresholds than those of this registry/,
    );
    const naming = (name: (lines: readonly string[]) => readonly string[]) =>
      hierarchy.vouch('lab-beta', 'private', {
        changes: { judged: own.judged.map((each) => ({ ...each, lines: name(each.lines) })) },
      });
    await refuses(
      submit(ledger, await naming((lines) => [...lines, root])),
      'INPUT_INVALID',
      /names a line for temperature that nobody has granted lab-alpha/,
    );
    await refuses(
      submit(ledger, await naming((lines) => [...lines, ...lines])),
      'INPUT_INVALID',
      /names a line for temperature twice/,
    );
  });

  it('counts each organisation once, and lets it take its word back', async () => {
    await submit(ledger, hierarchy.addReport(report));
    const judged = [{ quantity: 'temperature', outcome: 'unsound', lines: [] }] as const;
    const back = () => hierarchy.vouch('lab-beta', 'private', { changes: { judged } });
    await refuses(submit(ledger, await back()), 'INPUT_INVALID', /nothing to take back/);
    const item = await hierarchy.vouch('lab-beta', 'private');
    await submit(ledger, item);
    await refuses(submit(ledger, item), 'ALREADY_EXISTS', /is not a new one/);
    await submit(ledger, await hierarchy.vouch('nmi-east', 'private'));
    await submit(ledger, await back());
    assert.equal(await status(), 'ATTESTED');
    const most = MAX_VOUCHINGS_OF_AN_AUTHOR - 1;
    for (let given = 2; given < most; given += 1) await submit(ledger, await hierarchy.vouch('lab-beta', 'private'));
    assert.equal(await status(), 'TRACEABLE');
    await refuses(submit(ledger, await hierarchy.vouch('lab-beta', 'private')), 'INPUT_INVALID', /no room for another/);
    await submit(ledger, await back());
  });

  it('lets it take its word back, however long its words were', async () => {
    const results = [...report.results, massResult(0.1)];
    await submit(ledger, hierarchy.addReport({ ...report, results, sealed: ['temperature', 'mass'] }));
    const granted = async (quantity: string, scopeOf: typeof temperatureScope) => {
      const scopes = Array.from({ length: MAX_LINES }, (_, place) => scopeOf({ cmc: cmcOf(1 + place) }));
      await submit(ledger, hierarchy.accredit('lab-alpha', scopes));
      return {
        quantity,
        outcome: 'sound' as const,
        lines: scopes.map((scope) => lineDigest({ by: 'nmi-north', scope })),
      };
    };
    const judged = [await granted('mass', massScope), await granted('temperature', temperatureScope)];
    const long = () => hierarchy.vouch('lab-beta', 'private', { changes: { judged } });
    await refuses(
      (async () => {
        for (let given = 0; given < MAX_VOUCHINGS_OF_AN_AUTHOR - 1; given += 1) await submit(ledger, await long());
      })(),
      'INPUT_INVALID',
      /characters at most/,
    );
    const back = judged.map((each) => ({ ...each, outcome: 'unsound' as const }));
    await submit(ledger, await hierarchy.vouch('lab-beta', 'private', { changes: { judged: back } }));
  });

  it('finds what rests on the word of an organisation that vouches, and of its officer', async () => {
    const affected = async (id: string, kind = 'organisation'): Promise<readonly string[]> => {
      const question = { kind, id, pageSize: 100, bookmark: '' };
      const { items } = await ask<Page<AffectedDevice>>(ledger, 'affectedDevices', question);
      return items.flatMap(({ device, reports }) => (device === 'oem-a/working-a' ? reports : []));
    };
    await submit(ledger, hierarchy.addReport({ ...report, accepted: false }));
    await submit(ledger, await hierarchy.vouch('lab-beta', 'private'));
    assert.deepEqual(await affected('lab-beta'), []);
    await submit(ledger, hierarchy.accept('private'));
    assert.deepEqual(await affected('lab-beta'), ['lab-alpha/private']);
    assert.deepEqual(await affected('lab-beta/officer', 'person'), ['lab-alpha/private']);
    await submit(ledger, await hierarchy.vouch('nmi-east', 'private'));
    assert.deepEqual(await affected('nmi-east'), ['lab-alpha/private']);
  });

  it('names the report in the change log when somebody says something else, and not when strangers begin', async () => {
    await submit(ledger, hierarchy.addReport(report));
    const first = await submit(ledger, await hierarchy.vouch('lab-beta', 'private'));
    const logged = (write: typeof first) => [...write.writes.keys()].some((key) => key.includes('log'));
    assert.equal(logged(first), false);
    assert.equal(logged(await submit(ledger, await hierarchy.vouch('lab-beta', 'private'))), true);
  });

  it('asks ahead for those who vouch, and traces the same, byte for byte, whatever is noted beside the device', async () => {
    await submit(ledger, hierarchy.addReport(report));
    await submit(ledger, await hierarchy.vouch('lab-beta', 'private'));
    const simulated = () => ledger.simulate({ mspId: 'AnyMSP' }, 'traceCal', 'oem-a/working-a', '{}');
    const { answer, reads } = await simulated();
    assert.equal((JSON.parse(answer) as Verdict).status, 'ATTESTED');
    const places = (type: string) =>
      reads.flatMap((key, place) => (key.includes(`\u0000${type}\u0000`) ? [place] : []));
    const [vouchings = Infinity] = places('vouching');
    assert.ok(vouchings < Math.min(...places('heartbeat')), 'with what the hint names, before the trace begins');
    assert.ok(places('vouching').length < 4, 'of public reports nobody is asked who vouches for them');
    const hint = [...ledger.state.keys()].find((key) => key.includes('reads\u0000device\u0000oem-a/working-a')) ?? '';
    ledger.state.delete(hint);
    assert.equal((await simulated()).answer, answer);
  });
});
