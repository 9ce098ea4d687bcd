import { number, percent } from '../instrument/text.js';
import type { MakerDevice, MakerReport } from './report.js';

const STYLE = [
  'body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}',
  'table{border-collapse:collapse;width:100%}',
  'th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc;vertical-align:top}',
].join('');

/** One HTML file that needs nothing else: no script, no font and no image from elsewhere. What it shows is escaped. */
export function makerHtml(report: MakerReport): string {
  const { maker, period, events, devices, lines } = report;
  const title = escaped(`Devices of ${maker}, ${period.from.slice(0, 10)} to ${period.to.slice(0, 10)}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<h2>Compliance and condition</h2>
${table(['', ''], summaryOf(report))}
<h2>Events</h2>
${table(
  ['device', 'event', 'times', 'from', 'to', 'says'],
  events.map(({ device, name, times, from, to, says }) => [device, name, String(times), from, to, says]),
)}
<h2>Where lines fail</h2>
${table(
  ['site', 'line', 'first node', 'position', 'since', 'devices behind it that show something'],
  lines.map(({ site, line, device, position, since, behind }) => [
    site,
    line,
    device,
    String(position),
    since,
    String(behind),
  ]),
)}
<h2>Devices</h2>
${table(
  [
    'device',
    'model',
    'firmware',
    'condition',
    'verdict',
    'calibration',
    'values',
    'En',
    'stability',
    'drift a day',
    'margin used',
  ],
  devices.map(deviceRow),
)}
</body>
</html>
`;
}

function summaryOf({ conditions, compliance }: MakerReport): readonly (readonly string[])[] {
  const { values, relied, overdue, dueSoon, untraceableNow } = compliance;
  return [
    ...Object.entries(conditions).map(([name, count]) => [`devices ${name}`, String(count)]),
    ['values that were TRACEABLE or ATTESTED', relied === undefined ? 'no values' : `${percent(relied)} of ${values}`],
    ['devices that are overdue', String(overdue)],
    ['devices that are due soon', String(dueSoon)],
    ['devices that are not traceable now', String(untraceableNow)],
  ];
}

function deviceRow({
  device,
  model = '-',
  firmware = '-',
  condition,
  verdict,
  due,
  ...numbers
}: MakerDevice): string[] {
  const { values, worstEn, stability, drift, used, unit = '' } = numbers;
  return [
    device,
    model,
    firmware,
    condition,
    verdict,
    due.state,
    String(values),
    number(worstEn),
    number(stability),
    drift === undefined ? '-' : `${number(drift)} ${unit}`,
    used === undefined ? '-' : percent(used),
  ];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '<p>None.</p>';
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${row(heads, 'th')}\n${rows.map((cells) => row(cells, 'td')).join('\n')}</table>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
