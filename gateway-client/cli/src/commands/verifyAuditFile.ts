import { TimeBudget } from '@tracecal/gateway-client';
import type { Trust } from '@tracecal/gateway-client';
import { ApplicationError } from '@tracecal/gateway-client/application';
import type { EvidenceReport } from '@tracecal/gateway-client/audit';
import type { TierName } from '@tracecal/gateway-client/proof/verify';
import { EXIT } from '../exit.js';
import type { Style } from '../style.js';
import type { Terminal } from '../terminal.js';
import { noteLines } from '../view/noteLines.js';
import { freshnessAsked, rememberSeen } from './freshnessOptions.js';
import type { FreshnessOptions } from './freshnessOptions.js';

interface Given {
  readonly file: string;
  readonly text: string;
  readonly trust: Trust;
  readonly required: readonly TierName[];
  /** How long it may take, if the user said it: nobody answers for a file that a stranger made. */
  readonly timeoutMs?: number;
}

interface Options extends FreshnessOptions {
  readonly device?: string;
  readonly asOf?: unknown;
  readonly knownAt?: unknown;
  readonly interval?: unknown;
  readonly explain?: unknown;
  readonly accept?: unknown;
  readonly nonce?: unknown;
}

/** Questions to a bundle. Taken without a word they would seem to be answered. */
const OF_BUNDLES = {
  asOf: '--as-of',
  knownAt: '--known-at',
  interval: '--interval',
  explain: '--explain',
  accept: '--accept',
  nonce: '--nonce',
} as const;

/** Checks the evidence of an audit, and shows what it shows. */
export async function verifyAuditFile(
  { file, text, trust, required, timeoutMs }: Given,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  requireNothingOfBundles(options);
  // Who checks bundles needs nothing of this.
  const { verifyEvidence } = await import('@tracecal/gateway-client/audit');
  const fresh = await freshnessAsked(options, trust);
  const report = await verifyEvidence(text, {
    trust,
    ...(fresh && { fresh }),
    ...(timeoutMs !== undefined && { budget: new TimeBudget(timeoutMs) }),
  });
  await rememberSeen(options, report.seen);
  const { kind, id } = report.audit.subject;
  const { device } = options;
  if (device !== undefined && (kind !== 'device' || id !== device)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${file} is the evidence of an audit of ${kind} ${id}, not of device ${device}.`,
    );
  }
  // Who gives a log asks whether anything is missing. The chain and the endorsed answer are what bundles show.
  const asked = new Set<TierName>(['recorded', ...(fresh ? (['fresh'] as const) : []), ...required]);
  const missing = [...asked].filter((tier) =>
    tier === 'recorded' || tier === 'fresh' ? !report.tiers[tier].holds : true,
  );
  terminal.result({ file, ...report, missing }, (style) => describe(report, missing, style));
  return report.contradictions.length > 0 ? EXIT.failed : missing.length > 0 ? EXIT.stale : EXIT.yes;
}

/** @throws ApplicationError `INPUT_INVALID` */
function requireNothingOfBundles(options: Options): void {
  const names = Object.keys(OF_BUNDLES) as (keyof typeof OF_BUNDLES)[];
  const given = names.find((name) => options[name] !== undefined && options[name] !== false);
  if (given === undefined) return;
  throw new ApplicationError(
    'INPUT_INVALID',
    `${OF_BUNDLES[given]} is a question to a bundle, and this is the evidence of an audit: leave it out.`,
  );
}

function describe(report: EvidenceReport, missing: readonly TierName[], style: Style): string {
  const { audit, tiers, contradictions, open } = report;
  const isForged = contradictions.length > 0;
  const verdict = isForged ? style.red('FORGED') : tiers.recorded.holds ? style.green('HOLDS') : 'NOT SHOWN';
  return [
    `${verdict}: the audit of ${audit.subject.kind} ${audit.subject.id}, ${audit.transactions.length} transactions until block ${audit.chain.height - 1}`,
    ...contradictions.flatMap((line) => noteLines(`  ${line}`, style)),
    '',
    'What this file shows:',
    ...(['recorded', 'fresh'] as const).flatMap((name) => {
      const { holds, shows } = tiers[name];
      return noteLines(`  ${holds ? style.green('✓') : style.dim('-')} ${name}: ${shows}`, style);
    }),
    'Not checked:',
    ...open.flatMap((line) => noteLines(`  - ${line}`, style)),
    ...(isForged ? [] : missing.map((name) => style.red(`Required, and not shown: ${name}.`))),
  ].join('\n');
}
