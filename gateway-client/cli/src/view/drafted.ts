import { expandedText } from '@tracecal/core/trace';
import { withUnit } from '@tracecal/core/model';
import { printable } from '@tracecal/gateway-client';
import { omissionNotes } from '@tracecal/gateway-client/dcc';
import type { CertificateDraft, DccErrorCode, DraftResult, ItemDraft } from '@tracecal/gateway-client/dcc';
import type { Style } from '../style.js';
import { hanging } from '../text/wrap.js';

/** A terminal is no place for a long table; `--json` has all of it. */
const MOST_ROWS = 8;

type Line = readonly [title: string, text: string];

/** The draft of a file, or why there is none. */
export interface Drafted {
  readonly file: string;
  readonly error: { readonly code: DccErrorCode; readonly message: string } | null;
  readonly draft: CertificateDraft | null;
}

/** A result without a usable uncertainty becomes a report as well: its verdict is INCOMPLETE. */
function isReported({ items, refused }: CertificateDraft): boolean {
  return refused.length === 0 && items.some(({ results }) => results.length > 0);
}

/** What a certificate would contribute to the registry, what told, and what is still open; nothing of a file that was not read. */
export function draftedLines({ file, draft }: Drafted, style: Style): string {
  if (!draft) {
    return '';
  }
  const lines = [
    ...headLines(draft),
    ...draft.items.flatMap((item) => itemLines(item, draft)),
    ...draft.unassigned.flatMap((result) => resultLines('no item', result, draft)),
    ...draft.leftOut.map(({ name, reason }): Line => ['left out', `${name}: ${reason}`]),
    ...draft.refused.map(({ name, reason }): Line => ['refused', `${name}: ${reason}`]),
    ...draft.questions.map(({ text }): Line => ['question', text]),
    ...draft.unused.map((entry): Line => ['mapping', `${entry} fits nothing in this certificate`]),
    ...omissionNotes(draft.omissions).map((note): Line => ['note', note]),
    ...(draft.reason === null ? [] : [[isReported(draft) ? 'incomplete' : 'no report', draft.reason] as const]),
  ];
  const mark = draft.reason === null ? style.green('✓') : style.red('✗');
  return [
    `${mark} ${style.bold(printable(file))}`,
    ...lines.flatMap(([title, text]) =>
      hanging(`  ${style.dim(title.padEnd(12))}`, style.text(printable(text)), style.columns),
    ),
  ].join('\n');
}

function headLines({ uniqueIdentifier, laboratory, performed, place, replaces, parents }: CertificateDraft): Line[] {
  return [
    ['certificate', uniqueIdentifier],
    ['laboratory', [laboratory.name, laboratory.country, laboratory.code].filter(Boolean).join(', ')],
    ['performed', `${performed.begin} to ${performed.end}${place === null ? '' : `, at ${place}`}`],
    ...(replaces ? [['replaces', replaces.certificate ?? 'a certificate that it does not name'] as const] : []),
    ...parents.map(({ name, serial, certificate, paper }): Line => {
      const number = certificate ? (certificate.number ?? 'without a number') : 'none named';
      const described = paper ? `, described: ${[paper.laboratory, paper.date].filter(Boolean).join(', ')}` : '';
      return ['parent', `${[name, serial].filter(Boolean).join(', ')}: certificate ${number}${described}`];
    }),
  ];
}

function itemLines({ item, results, asFound }: ItemDraft, draft: CertificateDraft): Line[] {
  const { name, manufacturer, model, serial } = item;
  return [
    ['item', [name, manufacturer, model, serial].filter(Boolean).join(', ')],
    ...results.flatMap((result) => resultLines('  result', result, draft)),
    ...asFound.flatMap((result) => resultLines('  as found', result, draft)),
  ];
}

function resultLines(title: string, drafted: DraftResult, { parents }: CertificateDraft): Line[] {
  const { result, counted, claims, method, uses, notes, decisions } = drafted;
  const over = result.arguments.map(({ name }) => name).join(', ');
  const used = uses.map(({ source, role }) => `${parents[source]?.name ?? 'not named'} (${role ?? 'role not told'})`);
  return [
    [title, `${result.name}: ${result.quantity}${over && ` over ${over}`}${counted ? '' : ', informative'}`],
    ...result.rows.slice(0, MOST_ROWS).map((row): Line => ['    row', rowText(row, result)]),
    ...(result.rows.length > MOST_ROWS
      ? [['    rows', `${result.rows.length - MOST_ROWS} more: see --json`] as const]
      : []),
    ...notes.slice(0, MOST_ROWS).map(({ row, note }): Line => ['    note', `row ${row}: ${note}`]),
    ...(used.length > 0 ? [['    uses', used.join(', ')] as const] : []),
    ...(method
      ? [
          [
            '    method',
            `${method.classes.join(' or ')} (${method.confirmed ? '' : 'proposed by '}${method.because})`,
          ] as const,
        ]
      : []),
    ...(claims.denied === null ? [] : [['    denied', claims.denied] as const]),
    ...decisions.map(({ about, decided, from }): Line => ['    decided', `${about}: ${decided} (${from})`]),
  ];
}

function rowText({ value, error, at, uncertainty }: DraftRecord['rows'][number], result: DraftRecord): string {
  const { unit, arguments: all } = result;
  const places = at.map((place, column) => {
    const { name = '', unit: own = null } = all[column] ?? {};
    return `${name} ${withUnit(place, own ?? '')}`;
  });
  return [
    [
      value === null ? 'no value' : withUnit(value, unit),
      ...(places.length > 0 ? [`at ${places.join(', ')}`] : []),
    ].join(' '),
    ...(error === null ? [] : [`error ${withUnit(error, unit)}`]),
    uncertainty ? expandedText(uncertainty, unit) : 'no uncertainty',
  ].join(', ');
}

type DraftRecord = DraftResult['result'];
