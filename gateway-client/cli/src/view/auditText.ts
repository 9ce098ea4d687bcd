import {
  beyondWords,
  CUSTODY_LEFT_OPEN,
  elsewhereWords,
  makerWords,
  signerWords,
  statementWords,
  stayWords,
  untilWords,
  validityWords,
} from '@tracecal/gateway-client/audit';
import type { Audit, AuditedTransaction, Known, Provenance, VerdictSeen } from '@tracecal/gateway-client/audit';
import type { Style } from '../style.js';
import { hanging } from '../text/wrap.js';
import { printable } from '@tracecal/gateway-client';
import { counted } from './counts.js';
import { noteLines } from './noteLines.js';
import { tableLines } from './table.js';

/** An audit for a terminal. @param written Files that were made of it. */
export function auditText(audit: Audit, written: readonly string[], style: Style): string {
  const { subject, chain, transactions, known, provenance } = audit;
  return [
    style.bold(
      `${subject.kind} ${subject.id}: ${counted(transactions.length, 'transaction')} in ${chain.height} blocks of ${chain.channel}`,
    ),
    ...tableLines(['block', 'time', 'what', 'endorsed by', 'submitted by'], transactions.map(cells), style),
    ...transactions.filter(({ validity }) => validity !== 'VALID').flatMap((each) => refusedLines(each, style)),
    ...(known ? knownLines(known, audit, style) : []),
    ...(provenance ? provenanceLines(provenance, style) : []),
    ...noteLines(`  this audit does not tell ${elsewhereWords(subject)}`, style),
    ...noteLines(
      `  every block was verified; the newest has the hash ${chain.newest}. ${untilWords(chain)}`,
      style,
    ).map(style.dim),
    ...(chain.isPinned
      ? []
      : noteLines(
          `  nobody vouches for the first block, ${chain.genesis}: a peer sent it (--trust or --genesis)`,
          style,
        )),
    ...written.map((file) => style.dim(`  written: ${file}`)),
  ].join('\n');
}

function cells({
  block,
  time,
  registered,
  validity,
  statements,
  others,
  endorsers,
  submitter,
  epoch,
}: AuditedTransaction) {
  const signers = signerWords({ statements, validity }).join(', ');
  const what = [
    ...(validity === 'VALID' ? [] : [`REFUSED (${validity})`]),
    ...statements.map((each) => printable(statementWords(each))),
    ...(signers === '' ? [] : [printable(validity === 'VALID' ? `signed by ${signers}` : signers)]),
    ...(others > 0 ? [`and ${others} more about other things`] : []),
  ];
  const seal = epoch === null ? '' : `, epoch ${epoch.number}${epoch.sealed ? '' : ' (open)'}`;
  return [String(block), `${registered ?? time}${seal}`, what.join('; '), endorsers.join(', '), submitter.mspId].map(
    (each) => printable(each),
  );
}

function refusedLines({ txId, block, validity }: AuditedTransaction, style: Style): readonly string[] {
  return noteLines(`  transaction ${txId} of block ${block} was ${validityWords(validity)}`, style).map(style.red);
}

function knownLines(
  { at, device, then, today }: Known,
  { chain, transactions: all }: Audit,
  style: Style,
): readonly string[] {
  const later = all.filter(({ registered, time }) => (registered ?? time) > at).length;
  const warning = beyondWords(at, chain);
  const words = (verdict: VerdictSeen | null) =>
    verdict === null ? 'not registered' : `${verdict.status}: ${printable(verdict.reason)}`;
  return [
    ...(device === null
      ? []
      : [
          ...hanging('  ', style.text(`known at ${at}: ${words(then)}`), style.columns, '    '),
          ...hanging('  ', style.text(`known until block ${chain.height - 1}: ${words(today)}`), style.columns, '    '),
        ]),
    ...noteLines(`  ${counted(later, 'transaction')} of these came after ${at}`, style),
    ...(warning === null ? [] : noteLines(`  ${warning}`, style).map(style.red)),
  ];
}

function provenanceLines({ maker, owners, stays }: Provenance, style: Style): readonly string[] {
  const lines = [
    ...(maker ? [makerWords(maker)] : []),
    ...owners.map(({ organisation, from }) => `owned by ${organisation} from ${from ?? 'an unknown date'}`),
    ...stays.map(stayWords),
    `not covered: ${CUSTODY_LEFT_OPEN}`,
  ];
  return [
    style.bold('Provenance'),
    ...lines.flatMap((line) => hanging('  ', style.text(printable(line)), style.columns, '    ')),
  ];
}
