import { createHash } from 'node:crypto';
import { printable } from '@tracecal/core/model';
import type { Audit, AuditedTransaction, Known, Provenance, SealSeen, VerdictSeen } from './audit.js';
import { CUSTODY_LEFT_OPEN, makerWords } from './provenance.js';
import { beyondWords, elsewhereWords, signerWords, statementWords, untilWords, validityWords } from './words.js';

const STYLE = [
  ':root{color-scheme:light}',
  'body{margin:1.5rem auto;max-width:64rem;padding:0 1rem;font:1rem/1.4 system-ui,sans-serif;color:#111;background:#fff;overflow-wrap:anywhere}',
  'h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:1.5rem}',
  'table{border-collapse:collapse;width:100%;font-size:.85rem}',
  '.all{table-layout:fixed}',
  ...[15, 17, 24, 14, 13, 9, 8].map((width, at) => `.all th:nth-child(${at + 1}){width:${width}%}`),
  'th,td{border:1px solid #999;padding:.3rem .4rem;text-align:left;vertical-align:top}',
  'thead{display:table-header-group}tr{break-inside:avoid}',
  '.refused{background:#fbeaea}.id{font-family:ui-monospace,monospace;font-size:.75rem}',
  'td ul{margin:0;padding:0;list-style:none}td li+li{margin-top:.3rem}',
  '@media print{body{margin:0;max-width:none;font-size:9pt}@page{size:A4 landscape;margin:12mm}}',
].join('\n');

/** Nothing may be loaded, run or sent: only this style is allowed, by its digest. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * An audit as one HTML page that needs nothing else and prints. It has no script; whatever anybody wrote into the ledger is text.
 *
 * @example
 * await writeFile('sensor-17.html', auditPage(audit));
 */
export function auditPage({ subject, chain, transactions, known, provenance }: Audit): string {
  const title = `Audit of ${subject.kind} ${subject.id}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${text(POLICY)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${text(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    `<h1>${text(title)}</h1>`,
    `<p>All ${chain.height} blocks of channel ${text(chain.channel)} were read and verified, from the first one <span class="id">${text(chain.genesis)}</span> to block ${chain.height - 1} <span class="id">${text(chain.newest)}</span>. ${pinnedWords(chain.isPinned)} ${text(untilWords(chain))}</p>`,
    ...(known ? knownSection(known, chain) : []),
    '<h2>Transactions</h2>',
    '<table class="all">',
    `<thead><tr>${['Block', 'Time', 'What', 'Signed by', 'Submitted by', 'Endorsed by', 'Validity'].map((each) => `<th scope="col">${each}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...transactions.map((each) => row(each, known)),
    '</tbody>',
    '</table>',
    ...(provenance ? provenanceSection(provenance) : []),
    `<p>This audit does not tell ${text(elsewhereWords(subject))}.</p>`,
    '<p>This page proves nothing by itself: anybody can write one. Its evidence does (<code>tracecal audit --evidence</code>), which <code>tracecal proof verify</code> checks.</p>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function pinnedWords(isPinned: boolean): string {
  return isPinned
    ? 'The auditor vouches for this chain.'
    : '<strong>Nobody vouches for its first block: a peer sent it.</strong>';
}

function row(
  { block, place, txId, time, registered, epoch, ...rest }: AuditedTransaction,
  known: Known | null,
): string {
  const { statements, others, submitter, endorsers, validity } = rest;
  const list = (items: readonly string[]) =>
    items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${text(item)}</li>`).join('')}</ul>`;
  const isLater = known !== null && (registered ?? time) > known.at;
  const when = [
    `sent ${time}`,
    ...(registered === null ? [] : [`registered ${registered}`]),
    ...(epoch === null
      ? []
      : [
          `epoch ${epoch.number}, opened ${epoch.opened === null ? 'with the registry' : sealWords(epoch.opened)}, ${epoch.sealed === null ? 'not sealed yet' : `sealed ${sealWords(epoch.sealed)}`}`,
        ]),
    ...(isLater ? [`not known at ${known.at}`] : []),
  ];
  const more = others === 0 ? [] : [`${others} more about other things`];
  const cells = [
    `${block}<br><span class="id">transaction ${place}: ${text(txId)}</span>`,
    list(when),
    list([...statements.map(statementWords), ...more]),
    list(signerWords(rest)),
    `${text(submitter.mspId)}<br><span class="id">certificate ${text(submitter.certificateSha256)}</span>`,
    list(endorsers),
    text(validityWords(validity)),
  ];
  const mark = validity === 'VALID' ? '' : ' class="refused"';
  return `<tr${mark}>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function sealWords({ block, by, date }: SealSeen): string {
  return `in block ${block} by ${by} (${date})`;
}

function knownSection({ at, device, then, today }: Known, chain: Audit['chain']): readonly string[] {
  const warning = beyondWords(at, chain);
  const warned = warning === null ? [] : [`<p><strong>${text(warning)}</strong></p>`];
  if (device === null) return [`<p>What came after ${text(at)} is marked.</p>`, ...warned];
  const line = (title: string, verdict: VerdictSeen | null) =>
    `<tr><th scope="row">${text(title)}</th><td>${verdict === null ? 'not registered' : `<strong>${text(verdict.status)}</strong>: ${text(verdict.reason)}`}</td></tr>`;
  return [
    `<h2>What was known</h2>`,
    `<p>The verdict about device ${text(device)}:</p>`,
    '<table><tbody>',
    line(`by what these blocks held at ${at}`, then),
    line(`by all that these blocks hold, until block ${chain.height - 1} (asked on ${today?.asOf ?? ''})`, today),
    '</tbody></table>',
    ...warned,
  ];
}

function provenanceSection({ maker, owners, stays }: Provenance): readonly string[] {
  const item = (words: string) => `<li>${text(words)}</li>`;
  return [
    '<h2>Provenance</h2>',
    '<ul>',
    ...(maker ? [item(`${makerWords(maker)} ${maker.registered ?? ''}`)] : []),
    ...owners.map(({ organisation, from }) => item(`owned by ${organisation} from ${from ?? 'an unknown date'}`)),
    ...stays.map((stay) => item(stayWords(stay))),
    '</ul>',
    `<p>Not covered: ${text(CUSTODY_LEFT_OPEN)}.</p>`,
  ];
}

/** A calibration, in one sentence. */
export function stayWords(stay: Provenance['stays'][number]): string {
  const { laboratory, report, replaces, place, begin, end, checked, revoked } = stay;
  const where =
    place === 'laboratory'
      ? `at ${laboratory}: left its owner by ${begin}, returned on ${end} at the earliest`
      : `calibrated by ${laboratory}${place === 'own' ? ', its owner' : " at the owner's site"}, from ${begin} until ${end}`;
  const which = replaces === null ? `report ${report}` : `report ${report}, in the place of ${replaces}`;
  const by =
    checked === null ? 'its owner has not decided about it' : `${checked.what} by ${checked.by} on ${checked.date}`;
  const fell = revoked === null ? '' : `; REVOKED by ${revoked.by} on ${revoked.date}`;
  return `${where} (${which}); ${by}${fell}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of anybody, for HTML: no markup, no control characters, no change of direction. */
function text(value: string): string {
  return printable(value).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
