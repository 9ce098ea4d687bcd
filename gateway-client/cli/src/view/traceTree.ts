import type { Edge, Finding, Verdict } from '@tracecal/core/trace';
import { printable } from '@tracecal/gateway-client';
import type { Style } from '../style.js';
import { certificateText } from './certificateText.js';
import { ownersLines } from './ownersWords.js';
import { paintOf } from './paint.js';
import { givesLines, resultLines } from './resultLines.js';

interface Branch {
  readonly edge: Edge;
  readonly parents: Branch[];
}

/**
 * A verdict on a terminal: how the device stands and each of its results, then a tree with every report below what rests on it,
 * each with its outcome, what it gives, and what the checks had to say.
 */
export function traceTree(verdict: Verdict, style: Style): string {
  const header = [
    `${paintOf(verdict.status, style)(style.bold(verdict.status))}  ${style.bold(printable(verdict.device))}`,
    `${printable(verdict.reason)} ${style.dim(`(${questionOf(verdict)})`)}`,
  ];
  const general = verdict.findings.map((finding) => `  ${sentence(finding, style)}`);
  const roots = verdict.roots.map(({ organisation, sha256 }) =>
    style.dim(`  root ${printable(organisation)}: certificate ${sha256.slice(0, 16)}…`),
  );
  const freshest = verdict.heartbeats.map(({ institute, time, epoch }) =>
    style.dim(`  heartbeat of ${printable(institute)}: ${time}, over epoch ${epoch}`),
  );
  const branches = grow(verdict.edges);
  const tree = branches.flatMap((branch, index) => draw(branch, '', index === branches.length - 1, style));
  const owners = ownersLines(verdict, style);
  return [...header, ...resultLines(verdict, style), ...owners, ...general, ...tree, ...roots, ...freshest].join('\n');
}

function questionOf({ asOf, knownAt, quantity, at }: Verdict): string {
  const places = at
    ? [...(at.value === null ? [] : [String(at.value)]), ...at.arguments.map(({ name, value }) => `${name} ${value}`)]
    : [];
  return [
    ...(quantity === null ? [] : [`for ${quantity}`]),
    ...(places.length === 0 ? [] : [`at ${printable(places.join(', '))}`]),
    `as of ${asOf}`,
    ...(knownAt === null ? [] : [`known at ${knownAt}`]),
  ].join(', ');
}

/** Edges come depth first with their level, which is all that a tree needs. */
function grow(edges: readonly Edge[]): readonly Branch[] {
  const top: Branch[] = [];
  const path: Branch[] = [];
  for (const edge of edges) {
    const branch: Branch = { edge, parents: [] };
    const siblings = edge.level <= 1 ? top : (path[edge.level - 2]?.parents ?? top);
    siblings.push(branch);
    path.length = edge.level - 1;
    path.push(branch);
  }
  return top;
}

function draw({ edge, parents }: Branch, indent: string, isLast: boolean, style: Style): readonly string[] {
  const below = `${indent}${isLast ? '   ' : '│  '}`;
  const bar = parents.length > 0 ? '│' : ' ';
  const [head, ...others] = describe(edge, WIDTH - indent.length - HEAD, style);
  return [
    `${style.dim(`${indent}${isLast ? '└─' : '├─'}`)} ${mark(edge.outcome, style)} ${head}`,
    ...others.map((line) => `${style.dim(`${below}${bar}`)}    ${line}`),
    ...(edge.certificate
      ? [style.dim(`${below}${bar}    imported from ${printable(certificateText(edge.certificate))}`)]
      : []),
    ...givesLines(edge).map((line) => style.dim(`${below}${bar}    ${line}`)),
    ...edge.findings.map((finding) => `${style.dim(`${below}${bar}`)}    ${sentence(finding, style)}`),
    ...(edge.compared ?? []).map((line) => style.dim(`${below}${bar}    · ${printable(line)}`)),
    ...parents.flatMap((parent, index) => draw(parent, below, index === parents.length - 1, style)),
  ];
}

/** Columns that a line has at most, as far as names allow. */
const WIDTH = 80;
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
  const device = printable(edge.device ?? '');
  const rest = [report ?? 'no report', ...when, who].filter((part) => part !== '').map((part) => printable(part));
  const line = rest.join(style.dim(' · '));
  return device.length + 2 + rest.join(' · ').length <= width
    ? [`${style.bold(device)}  ${line}`]
    : [style.bold(device), line];
}

function sentence({ outcome, check, reason }: Finding, style: Style): string {
  const paint = outcome === 'failed' ? style.red : outcome === 'note' ? style.dim : style.yellow;
  return `${paint(`${check}:`)} ${printable(reason)}`;
}

const MARKS: Readonly<Record<Edge['outcome'], string>> = { sound: '✓', attested: '~', missing: '?', failed: '✗' };

function mark(outcome: Edge['outcome'], style: Style): string {
  const paint = outcome === 'sound' ? style.green : outcome === 'failed' ? style.red : style.yellow;
  return paint(MARKS[outcome]);
}
