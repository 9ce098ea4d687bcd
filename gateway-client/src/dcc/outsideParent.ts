import { NOT_NAMED } from '@tracecal/core/model';
import type { PaperResult, Parent } from '@tracecal/core/model';
import type { DraftParent, PaperParent } from './draft/index.js';
import { oneLine } from './oneLine.js';

/** A parent that is not a registered report. */
export type OutsideParent = Exclude<Parent, { readonly kind: 'report' }>;

/** A report's reference to a parent without a registered report: a certificate on paper, or a file elsewhere. */
export function outsideParent(draft: DraftParent): OutsideParent {
  const { certificate, paper } = draft;
  if (paper) {
    return describedPaper(paper, equipmentOf(draft));
  }
  const name = oneLine(certificate?.number) || NOT_NAMED;
  const equipment = equipmentOf(draft);
  if (certificate?.analogue) {
    return { kind: 'paper', certificate: name, laboratory: '', equipment, results: [] };
  }
  const { algorithm, value = null } = certificate?.digest ?? {};
  const isStated = algorithm !== undefined && value !== null;
  return { kind: 'external', certificate: name, equipment, ...(isStated && { digest: { algorithm, value } }) };
}

/** A certificate on paper as its transcriber describes it: without kind, range, U and k, nothing can depend on it. */
export function describedPaper(paper: PaperParent, equipment = oneLine(paper.equipment)): OutsideParent {
  const { number, laboratory, serial, date, results = [] } = paper;
  return {
    kind: 'paper',
    certificate: oneLine(number),
    laboratory: oneLine(laboratory),
    equipment,
    ...(serial !== undefined && { serial: oneLine(serial) }),
    ...(date !== undefined && { date }),
    results: [paper, ...results].flatMap(paperResult),
  };
}

function paperResult({
  kind,
  from,
  to,
  unit,
  U,
  k,
  p,
}: Pick<PaperParent, 'kind' | 'from' | 'to' | 'unit' | 'U' | 'k' | 'p'>): readonly PaperResult[] {
  const isDescribed =
    kind !== undefined &&
    unit !== undefined &&
    from !== undefined &&
    to !== undefined &&
    U !== undefined &&
    k !== undefined;
  return isDescribed
    ? [
        {
          quantity: kind,
          unit,
          min: from,
          max: to,
          uncertainty: { expanded: U, coverageFactor: k, coverageProbability: p ?? null },
        },
      ]
    : [];
}

function equipmentOf({ name, serial }: DraftParent): string {
  const known = oneLine(name) || NOT_NAMED;
  return serial === null || oneLine(serial) === '' ? known : oneLine(`${known}, serial ${serial}`);
}
