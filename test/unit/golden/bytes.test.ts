import assert from 'node:assert/strict';
import { RegistryContract } from '@tracecal/chaincode';
import { canonicalJson } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import { jwsPayload, payloadText } from '@tracecal/core/signing';
import { traceCal, traceOptions } from '@tracecal/core/trace';
import { differencesIn } from '@tracecal/gateway-client/application';
import { matchDigest } from '@tracecal/gateway-client/dcc';
import { certificatesIn } from '../../golden/certificates.js';
import { codesNow } from '../../golden/codes.js';
import { playCompartments } from '../../golden/compartments.js';
import { exportOf, factsOf } from '../../golden/exported.js';
import { golden, GOLDEN_VERSIONS } from '../../golden/fixtures.js';
import type { Golden, GoldenCodes } from '../../golden/fixtures.js';
import { StateRecords } from '../../golden/records.js';
import { codeOf } from '../../golden/refusals.js';
import { statementsIn } from '../../golden/statements.js';
import { MemoryLedger } from '../../support/memoryLedger.js';

const FROZEN =
  'Signed statements keep their verdicts: put the rule behind an option of the question, or let it apply to a new version of the statement (docs/formats.md).';

/** Whatever an earlier version has written, signed or said, this one writes, reads and says the same, byte for byte. */
for (const version of GOLDEN_VERSIONS) {
  describe(`The golden fixtures ${version}`, () => {
    let kept: Golden;

    before(() => {
      kept = golden(version);
    });

    const emptyLedger = () => new MemoryLedger(new RegistryContract({ founding: kept.founding }));

    /** A ledger in memory that holds the golden one. */
    function goldenLedger(): MemoryLedger {
      const ledger = emptyLedger();
      kept.state.forEach((value, key) => ledger.state.set(key, Buffer.from(value)));
      return ledger;
    }

    it('make the contract write and announce the same, transaction by transaction', async function () {
      this.timeout(60_000);
      const ledger = emptyLedger();
      for (const { txId, time, mspId, transaction, argument, event } of kept.transactions) {
        Object.assign(ledger, { txId, now: time });
        const done = await ledger.submit({ mspId }, transaction, argument);
        assert.equal(done.event?.name, event, `${transaction} of ${time}`);
      }
      assert.deepEqual([...ledger.state.keys()].sort(), [...kept.state.keys()]);
      for (const [key, value] of kept.state) {
        assert.equal(String(ledger.state.get(key)), value, key);
      }
    });

    it('hold statements that are read, and make the same text again', () => {
      const statements = kept.transactions.flatMap(statementsIn);
      assert.ok(statements.length > 100);
      for (const jws of statements) {
        const statement = readStatement(jws);
        assert.equal(canonicalJson(statement), payloadText(jws));
        assert.equal(jwsPayload(statement), jws.payload);
      }
    });

    it('get the golden verdicts over a map', async () => {
      const records = new StateRecords(kept.state);
      for (const { device, options, verdict } of kept.verdicts) {
        const said = canonicalJson(await traceCal(records, device, traceOptions(options)));
        assert.equal(said, verdict, `the verdict about ${device} with ${JSON.stringify(options)} differs. ${FROZEN}`);
      }
    });

    it('get the golden verdicts from the contract', async () => {
      const ledger = goldenLedger();
      for (const { device, options, verdict } of kept.verdicts) {
        const said = await ledger.evaluate('traceCal', device, JSON.stringify(options));
        assert.equal(said, verdict, `the verdict about ${device} with ${JSON.stringify(options)} differs. ${FROZEN}`);
      }
    });

    it('hold certificates that are read or refused as they were', () => {
      assert.deepEqual(certificatesIn(kept.transactions), kept.certificates);
    });

    it('make the lower levels record the same', async () => {
      assert.deepEqual(await playCompartments(goldenLedger(), kept.compartments), kept.compartments);
    });

    it('get the same refusals, by their codes', async () => {
      for (const refusal of kept.refusals) {
        assert.equal(await codeOf(kept, refusal), refusal.code, refusal.name);
      }
    });

    it('know every error code, and the exit code of a command that it ends', () => {
      const now = codesNow();
      for (const [by, codes] of Object.entries(kept.codes)) {
        const known = now[by as keyof GoldenCodes];
        assert.deepEqual(
          Object.fromEntries(Object.keys(codes).map((code) => [code, known[code]])),
          codes,
          `codes never change meaning: ${by}`,
        );
      }
    });

    it('get the golden certificate of a report, by its digests', async () => {
      const { exported } = kept;
      const facts = await factsOf(goldenLedger(), exported.report);
      assert.deepEqual(exportOf(facts), exported);
      const file = Buffer.from(exported.file);
      assert.deepEqual(differencesIn(file, facts), [
        'Temperature: conformity of all rows together',
        'Temperature: decision rule',
      ]);
      for (const [procedure, value] of Object.entries(exported.digests)) {
        const match = await matchDigest(file, { procedure, value });
        assert.deepEqual([match.kind, match.kind === 'match' && match.form], ['match', 'file'], procedure);
      }
    });
  });
}
