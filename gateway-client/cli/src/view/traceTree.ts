import { askedText, branchesOf } from '@tracecal/core/trace';
import type { Branch, Edge, Finding, Verdict } from '@tracecal/core/trace';
import { printable } from '@tracecal/gateway-client';
import type { Style } from '../style.js';
import { widthOf } from '../text/width.js';
import { hanging, wrap } from '../text/wrap.js';
import { certificateText } from './certificateText.js';
import { ownersLines } from './ownersWords.js';
import { paintOf } from './paint.js';
import { givesLines, resultLines } from './resultLines.js';

/**
 * A verdict on a terminal: how the device stands and each of its results, then a tree with every report below what rests on it,
 * each with its outcome, what it gives, and what the checks had to say.
 */
export function traceTree(verdict: Verdict, style: Style): string {
  const { columns, dim } = style;
  const indented = (text: string) => hanging('  ', text, columns);
  const general = verdict.findings.flatMap((finding) => indented(sentence(finding, style)));
  const roots = verdict.roots.flatMap(({ organisation, sha256 }) =>
    indented(dim(style.text(`root ${printable(organisation)}: certificate ${sha256.slice(0, 16)}…`))),
  );
  const freshest = verdict.heartbeats.flatMap(({ institute, time, epoch }) =>
    indented(dim(`heartbeat of ${printable(institute)}: ${time}, over epoch ${epoch}`)),
  );
  const branches = branchesOf(verdict.edges);
  const tree = branches.flatMap((branch, index) => draw(branch, '', index === branches.length - 1, style));
  const owners = ownersLines(verdict, style);
  const lines = [...headLines(verdict, style), ...resultLines(verdict, style), ...owners, ...general, ...tree];
  return [...lines, ...roots, ...freshest].join('\n');
}

function headLines(verdict: Verdict, style: Style): readonly string[] {
  const { status, device } = verdict;
  const reason = style.text(printable(verdict.reason));
  const question = style.text(`(${questionOf(verdict)})`);
  const isOneLine = widthOf(`${reason} ${question}`) <= style.columns;
  return [
    `${paintOf(status, style)(style.bold(status))}  ${style.bold(style.text(printable(device)))}`,
    ...(isOneLine
      ? [`${reason} ${style.dim(question)}`]
      : [...wrap(reason, style.columns), ...wrap(style.dim(question), style.columns)]),
  ];
}

function questionOf({ asOf, knownAt, quantity, at }: Verdict): string {
  return [
    ...(quantity === null ? [] : [`for ${quantity}`]),
    ...(at ? [`at ${printable(askedText(at))}`] : []),
    `as of ${asOf}`,
    ...(knownAt === null ? [] : [`known at ${knownAt}`]),
  ].join(', ');
}

function draw({ edge, parents }: Branch, indent: string, isLast: boolean, style: Style): readonly string[] {
  const { columns, dim } = style;
  const below = `${indent}${isLast ? '   ' : '│  '}`;
  const margin = `${dim(`${below}${parents.length > 0 ? '│' : ' '}`)}    `;
  const [head, ...others] = describe(edge, columns - indent.length - HEAD, style);
  const remarks = [
    ...others,
    ...(edge.certificate ? [dim(style.text(`imported from ${printable(certificateText(edge.certificate))}`))] : []),
    ...givesLines(edge).map((line) => dim(style.text(line))),
    ...edge.findings.map((finding) => sentence(finding, style)),
  ];
  const compared = (edge.compared ?? []).flatMap((line) =>
    hanging(`${margin}${style.text('· ')}`, dim(style.text(printable(line))), columns, `${margin}  `),
  );
  const begin = `${dim(`${indent}${isLast ? '└─' : '├─'}`)} ${mark(edge.outcome, style)} `;
  return [
    ...hanging(begin, head, columns, margin),
    ...remarks.flatMap((text) => hanging(margin, text, columns, margin)),
    ...compared,
    ...parents.flatMap((parent, index) => draw(parent, below, index === parents.length - 1, style)),
  ];
}

/** Columns before the name of a device. */
const HEAD = 5;

/** What an edge is about: on one line, or where that is too long the device above its report. */
function describe(edge: Edge, width: number, style: Style): readonly [head: string, ...others: string[]] {
  if (edge.report === null && edge.device === null) {
    return ['outside the registry'];
  }
  const report = edge.amendedBy === null ? edge.report : `${edge.amendedBy} (amends ${edge.report ?? ''})`;
  const who = [edge.organisation, edge.technician].filter((part) => part !== null).join(', ');
  const when = edge.performed === null ? [] : [edge.performed];
  const device = style.text(printable(edge.device ?? ''));
  const rest = [report ?? 'no report', ...when, who].filter((part) => part !== '').map((part) => printable(part));
  const line = style.text(rest.join(' · '));
  return widthOf(`${device}  ${line}`) <= width
    ? [`${style.bold(device)}  ${rest.map(style.text).join(style.dim(style.text(' · ')))}`]
    : [style.bold(device), line];
}

function sentence({ outcome, check, reason }: Finding, style: Style): string {
  const paint = outcome === 'failed' ? style.red : outcome === 'note' ? style.dim : style.yellow;
  return `${paint(`${check}:`)} ${style.text(printable(reason))}`;
}

const MARKS: Readonly<Record<Edge['outcome'], string>> = { sound: '✓', attested: '~', missing: '?', failed: '✗' };

function mark(outcome: Edge['outcome'], style: Style): string {
  const paint = outcome === 'sound' ? style.green : outcome === 'failed' ? style.red : style.yellow;
  return paint(MARKS[outcome]);
}
