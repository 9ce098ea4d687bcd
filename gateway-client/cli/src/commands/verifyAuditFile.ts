import { instantOf } from '@tracecal/core/model';
import type { Trust } from '@tracecal/gateway-client';
import { ApplicationError, logFolder } from '@tracecal/gateway-client/application';
import type { EvidenceReport } from '@tracecal/gateway-client/audit';
import type { TierName } from '@tracecal/gateway-client/proof/verify';
import { EXIT } from '../exit.js';
import type { Style } from '../style.js';
import type { Terminal } from '../terminal.js';
import { noteLines } from '../view/noteLines.js';

interface Given {
  readonly file: string;
  readonly text: string;
  readonly trust: Trust;
  readonly required: readonly TierName[];
}

interface Options {
  readonly log?: string;
  readonly device?: string;
}

/** Whether a file is evidence of an audit: its canonical JSON begins with another member than that of a bundle. */
export function isEvidence(text: string): boolean {
  return text.startsWith('{"audit":');
}

/** Checks the evidence of an audit, and shows what it shows. */
export async function verifyAuditFile(
  { file, text, trust, required }: Given,
  { log, device }: Options,
  terminal: Terminal,
): Promise<number> {
  // Who checks bundles needs nothing of this.
  const { verifyEvidence } = await import('@tracecal/gateway-client/audit');
  const asOf = instantOf(Date.now());
  const report = await verifyEvidence(text, { trust, asOf, ...(log !== undefined && { log: logFolder(log) }) });
  const { kind, id } = report.audit.subject;
  if (device !== undefined && (kind !== 'device' || id !== device)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${file} is the evidence of an audit of ${kind} ${id}, not of device ${device}.`,
    );
  }
  // The chain and the endorsed answer are what bundles show.
  const missing = [...new Set<TierName>(['recorded', ...required])].filter((tier) =>
    tier === 'recorded' || tier === 'fresh' ? !report.tiers[tier].holds : true,
  );
  terminal.result({ file, ...report, missing }, (style) => describe(report, missing, style));
  return report.contradictions.length > 0 ? EXIT.failed : missing.length > 0 ? EXIT.stale : EXIT.yes;
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
