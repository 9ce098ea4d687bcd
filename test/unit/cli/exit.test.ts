import assert from 'node:assert/strict';
import { RegistryError } from '@tracecal/core/model';
import type { Unmet, Verdict } from '@tracecal/core/trace';
import { TraceCalError } from '@tracecal/gateway-client';
import type { TraceCalErrorCode } from '@tracecal/gateway-client';
import {
  CLI_ERRORS,
  EXIT_OF_APPLICATION_ERROR,
  EXIT,
  EXIT_WORDS,
  exitOfAll,
  exitOfError,
  exitOfVerdict,
} from '@tracecal/cli';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { tracecal } from '../../support/commandLine.js';

type Told = readonly [status: Verdict['status'], check: Verdict['check'], unmet: readonly Unmet['requirement'][]];

const VERDICTS: readonly (readonly [what: string, told: Told, exit: number])[] = [
  ['a traceable device', ['TRACEABLE', null, []], 0],
  ['an accreditation that its owner accepts', ['ATTESTED', 'support', []], 0],
  ['a failed edge', ['FAILED', 'standing', ['status']], 1],
  ['a traceable device of too small a ratio', ['TRACEABLE', null, ['tur']], 1],
  ['an attested device that does not conform', ['ATTESTED', 'transcription', ['status', 'conformity']], 1],
  ["somebody's word", ['ATTESTED', 'transcription', ['status']], 4],
  ['a missing parent', ['INCOMPLETE', 'parent-registered', ['status', 'freshness']], 5],
  ['heartbeats older than the question allows', ['FAILED', 'freshness', ['status']], 8],
  ['heartbeats older than its owner allows', ['TRACEABLE', null, ['freshness']], 8],
  ["heartbeats older than its owner allows, beside somebody's word", ['ATTESTED', 'transcription', ['freshness']], 8],
];

const ERRORS: readonly (readonly [code: TraceCalErrorCode, exit: number])[] = [
  ['INPUT_INVALID', 2],
  ['TRUST_INVALID', 2],
  ['SIGNATURE_INVALID', 2],
  ['TIMED_OUT', 3],
  ['OUTCOME_UNKNOWN', 3],
  ['MVCC_READ_CONFLICT', 3],
  ['INTERNAL', 3],
  ['NOT_FOUND', 6],
  ['NOT_AUTHORISED', 7],
  ['ALREADY_EXISTS', 7],
  ['PARENT_UNUSABLE', 7],
  ['RESULT_REFUSED', 7],
  ['NOT_PERMITTED', 7],
];

describe('The exit code', () => {
  for (const [what, [status, check, requirements], exit] of VERDICTS) {
    it(`of a verdict is ${exit} for ${what}`, () => {
      const unmet = requirements.map((requirement) => ({ requirement, reason: 'It is not.' }));
      const own = { owner: 'oem-a', number: 1, fulfilled: unmet.length === 0, unmet };
      assert.equal(exitOfVerdict({ status, check, requirements: own }), exit);
    });
  }

  it('is 0 for an ATTESTED verdict that the asker accepts, and as before for all others', () => {
    for (const [what, [status, check, requirements], exit] of VERDICTS) {
      const unmet = requirements.map((requirement) => ({ requirement, reason: 'It is not.' }));
      const own = { owner: 'oem-a', number: 1, fulfilled: unmet.length === 0, unmet };
      const accepted = exitOfVerdict({ status, check, requirements: own }, { acceptAttested: true });
      assert.equal(accepted, exit === EXIT.attested ? EXIT.yes : exit, what);
    }
  });

  for (const [code, exit] of ERRORS) {
    it(`of the failure ${code} is ${exit}`, () => {
      assert.equal(exitOfError(new TraceCalError(code, 'It failed.')), exit);
    });
  }

  it('of one failure is the same wherever it is detected', () => {
    for (const code of ['ALREADY_EXISTS', 'INPUT_INVALID'] as const) {
      assert.equal(exitOfError(new ApplicationError(code)), exitOfError(new TraceCalError(code, 'It failed.')), code);
    }
  });

  it('is that of trouble if the disk takes nothing more', () => {
    assert.equal(exitOfError(new ApplicationError('WRITING_FAILED')), EXIT.trouble);
  });

  it("of a refusal is the same where the registry's checks ran before anything was sent", () => {
    assert.equal(exitOfError(new RegistryError('TIME_INVALID', 'it lies ahead.')), EXIT.refused);
    assert.equal(exitOfError(new RegistryError('JSON_INVALID', 'it is no JSON.')), EXIT.input);
  });

  it('of several files is that of what needs attention first', () => {
    assert.equal(exitOfAll([]), 0);
    assert.equal(exitOfAll([0, 7, 2]), 2);
    assert.equal(exitOfAll([6, 7, 0]), 7);
    assert.equal(exitOfAll([7, 3, 2]), 3);
  });

  it('of every failure of the command line is one of the table, and the help names each', async () => {
    const codes: readonly number[] = Object.values(EXIT);
    assert.ok(Object.values(CLI_ERRORS).every(({ exit }) => codes.includes(exit)));
    assert.ok(Object.values(EXIT_OF_APPLICATION_ERROR).every((exit) => codes.includes(exit)));
    assert.deepEqual(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 130]);
    const { stdout } = await tracecal(['--help'], { environment: { COLUMNS: '200' } });
    for (const [name, code] of Object.entries(EXIT)) {
      assert.ok(stdout.includes(`  ${code}  ${EXIT_WORDS[name as keyof typeof EXIT]}`), name);
    }
  });
});
