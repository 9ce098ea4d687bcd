import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EVENTS } from '@tracecal/core/contracts';
import {
  isKind,
  kindOf,
  METHOD_CLASSES,
  ORGANISATION_KINDS,
  REGISTRY_ERROR_CODES,
  resultSchema,
  scaleOf,
  schemaOf,
  SOURCE_ROLES,
  STATEMENT_TYPES,
} from '@tracecal/core/model';
import type { Statement, StatementKind, StatementOf } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import { traceOptions, VERDICT_STATUSES } from '@tracecal/core/trace';
import type { Verdict } from '@tracecal/core/trace';
import { golden } from '../../golden/fixtures.js';
import type { Golden } from '../../golden/fixtures.js';
import { membersIn, membersOf } from '../../golden/members.js';
import { makeGolden } from '../../golden/make.js';
import { itemsIn, statementsIn } from '../../golden/statements.js';

const REGISTRY_KEYS = join(dirname(createRequire(__filename).resolve('@tracecal/core/registry')), 'keys.js');

const EXTEND =
  'Add it to test/golden/story (an option of questions: to test/golden/questions.ts), and write a new version beside the old ones: "Add a version" in docs/formats.md says how.';

/** Dozens of acceptances leave a device's record before there is one; its entries are those of the record. Only lists show what an owner lifted. */
const RARE_RECORDS = ['settled', 'lifted'];

/** Optional members that came after the last version of the fixtures. The next version holds them, and then this list is empty again. */
const SINCE_LAST_VERSION: readonly string[] = [
  'body.pseudonym',
  'body.pseudonym.root',
  'body.pseudonym.scopes',
  'body.pseudonym.otherwise',
];

/** The same of records below the calibration level. */
const RECORDS_SINCE_LAST_VERSION = ['finding', 'found'];

/** No statement leads to these: a peer lacks a channel, or the contract has a fault. */
const RARE_CODES = ['SOURCE_UNAVAILABLE', 'INTERNAL'];

/** A format that is not in the fixtures is not kept: whoever adds one adds it to the story. */
describe('The golden fixtures hold', () => {
  let kept: Golden;
  let statements: readonly Statement[];

  before(() => {
    kept = golden();
    statements = kept.transactions.flatMap(statementsIn).map(readStatement);
  });

  function bodies<Kind extends StatementKind>(kind: Kind): readonly StatementOf<Kind>['body'][] {
    return statements.flatMap((statement) =>
      isKind(statement, kind) ? [statement.body as StatementOf<Kind>['body']] : [],
    );
  }

  function assertAll(found: Iterable<string>, expected: readonly string[]): void {
    const there = new Set(found);
    const missing = expected.filter((each) => !there.has(each));
    assert.deepEqual(missing, [], `the golden fixtures lack ${missing.join(', ')}. ${EXTEND}`);
  }

  it('every type of statement', () => {
    assertAll(statements.map(kindOf), Object.keys(STATEMENT_TYPES));
  });

  it('every event', () => {
    // Several types in one transaction tell no type.
    const single = Object.values(EVENTS).filter((event) => event !== EVENTS.statementsSubmitted);
    assertAll(
      kept.transactions.map(({ event }) => event),
      single,
    );
  });

  it('every type of record', () => {
    const source = readFileSync(REGISTRY_KEYS, 'utf8');
    const types = [...source.matchAll(/[kK]ey\)\('([a-z]+)'/g)].map(([, type = '']) => type);
    assert.ok(new Set(types).size > 20, 'the keys of the registry are found');
    const found = [...kept.state.keys()].map((key) => /[a-z]+/.exec(key)?.[0] ?? '');
    assertAll(
      found,
      types.filter((type) => !RARE_RECORDS.includes(type)),
    );
    const below = kept.compartments.flatMap(({ state }) => state.map(([key]) => /[a-z]+/.exec(key)?.[0] ?? ''));
    assertAll(
      below,
      ['batch', 'trace', 'assessment', 'finding', 'found'].filter((type) => !RECORDS_SINCE_LAST_VERSION.includes(type)),
    );
  });

  it('every kind of organisation, of parent, and of what is said against each kind of subject', () => {
    assertAll(
      bodies('organisation').map(({ kind }) => kind),
      ORGANISATION_KINDS,
    );
    assertAll(
      bodies('report').flatMap(({ parents }) => parents.map(({ kind }) => kind)),
      ['report', 'paper', 'external'],
    );
    const against = statements.filter(
      (each) => isKind(each, 'revocation') || isKind(each, 'suspension') || isKind(each, 'reinstatement'),
    );
    assertAll(
      against.map(({ subject }) => subject.kind),
      ['organisation', 'person', 'device', 'report'],
    );
  });

  it('every form of a capability', () => {
    const lines = bodies('accreditation').flatMap(({ lines: all }) => all);
    assertAll(
      lines.map(({ cmc }) => cmc.form),
      ['constant', 'table', 'linear', 'matrix'],
    );
  });

  it('every method class, every role of a source, and kinds of every scale', () => {
    const results = kept.transactions.flatMap(itemsIn).flatMap(({ results: all = [] }) => all);
    assertAll(
      results.flatMap(({ support }) => support?.method ?? []),
      METHOD_CLASSES,
    );
    assertAll(
      results.flatMap(({ support }) => support?.uses.map(({ role }) => role) ?? []),
      SOURCE_ROLES,
    );
    assertAll(
      results.flatMap(({ quantity }) => scaleOf(quantity)),
      ['ratio', 'additive', 'coefficient'],
    );
  });

  for (const kind of Object.keys(STATEMENT_TYPES) as readonly StatementKind[]) {
    it(`every member of ${STATEMENT_TYPES[kind]}`, () => {
      const own = statements.filter((statement) => isKind(statement, kind));
      assertAll(
        own.flatMap((statement) => membersIn(statement)),
        membersOf(schemaOf(kind)).filter((member) => !SINCE_LAST_VERSION.includes(member)),
      );
    });
  }

  it('every member of a result', () => {
    const results = kept.transactions.flatMap(itemsIn).flatMap(({ results: all = [] }) => all);
    assertAll(
      results.flatMap((result) => membersIn(result)),
      membersOf(resultSchema),
    );
  });

  it('questions with every option', () => {
    assertAll(
      kept.verdicts.flatMap(({ options }) => Object.keys(options)),
      Object.keys(traceOptions({ asOf: '2026-01-01T00:00:00Z' })),
    );
  });

  it('verdicts of every status', () => {
    assertAll(
      kept.verdicts.map(({ verdict }) => (JSON.parse(verdict) as Verdict).status),
      VERDICT_STATUSES,
    );
  });

  it('every code of a refusal', () => {
    assertAll(
      kept.refusals.map(({ code }) => code),
      REGISTRY_ERROR_CODES.filter((code) => !RARE_CODES.includes(code)),
    );
  });

  it('what can be made anew, for a next version of the formats', async function () {
    this.timeout(60_000);
    const { transactions, verdicts, certificates, refusals } = await makeGolden();
    assert.deepEqual(
      refusals.map(({ name, code }) => [name, code]),
      kept.refusals.map(({ name, code }) => [name, code]),
    );
    const counts = [transactions, verdicts, certificates].map(({ length }) => length);
    assert.ok(
      counts.every((count) => count > 50),
      String(counts),
    );
  });

  it('no private key', () => {
    for (const text of [...kept.state.values(), ...kept.transactions.map(({ argument }) => argument)]) {
      assert.doesNotMatch(text, /PRIVATE KEY|"d":"[A-Za-z0-9_-]{43}"/);
    }
  });
});
