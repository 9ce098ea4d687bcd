import { isKind } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import { certificatesIn } from './certificates.js';
import { codesNow } from './codes.js';
import { COMPARTMENT_CALLS, playCompartments } from './compartments.js';
import { exportOf, factsOf } from './exported.js';
import type { Golden, GoldenTransaction } from './fixtures.js';
import { questionsAbout } from './questions.js';
import { makeRefusals } from './refusals.js';
import { statementsIn } from './statements.js';
import { playStory } from './story/index.js';

/** Plays the story anew, with new keys, and asks the contract what there is to ask. */
export async function makeGolden(): Promise<Golden> {
  const { founding, transactions, ledger } = await playStory();
  const verdicts = [];
  for (const { device, options } of questionsAbout(devicesIn(transactions), rootsIn(transactions))) {
    const verdict = await ledger.evaluate('traceCal', device, JSON.stringify(options));
    verdicts.push({ device, options, verdict });
  }
  const state = [...ledger.state].map(([key, value]) => [key, value.toString('utf8')] as const);
  const played = { founding, transactions, state: new Map(state.sort(([one], [other]) => (one < other ? -1 : 1))) };
  return {
    ...played,
    verdicts,
    certificates: certificatesIn(transactions),
    exported: exportOf(await factsOf(ledger)),
    compartments: await playCompartments(ledger, COMPARTMENT_CALLS),
    refusals: await makeRefusals(played),
    codes: codesNow(),
  };
}

function devicesIn(transactions: readonly GoldenTransaction[]): readonly string[] {
  const statements = transactions.flatMap(statementsIn).map(readStatement);
  const ids = statements.flatMap((statement) => (isKind(statement, 'device') ? [statement.subject.id] : []));
  return [...new Set(ids)];
}

/** Root certificates of the founders and of those admitted. */
function rootsIn(transactions: readonly GoldenTransaction[]): readonly string[] {
  return transactions
    .flatMap(statementsIn)
    .map(readStatement)
    .flatMap((statement) => {
      if (isKind(statement, 'founding')) {
        return statement.body.institutes.map(({ certificateSha256 }) => certificateSha256);
      }
      return isKind(statement, 'admission') ? [statement.body.certificateSha256] : [];
    });
}
