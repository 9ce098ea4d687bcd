import { CONFORMITY_WORDS, uncertaintyText, valuesText } from '@tracecal/core/trace';
import type { ResultVerdict, Verdict } from '@tracecal/core/trace';
import { TIER_NAMES, trustFingerprint } from '@tracecal/gateway-client/proof/verify';
import type { ProofReport, Tier, TierName, Trust } from '@tracecal/gateway-client/proof/verify';
import { chainOf } from './chain.js';
import { element, name } from './dom.js';
import { MEANINGS, QUESTIONS, TONES } from './words.js';

/** A report with what the reader brought to it. */
export interface Checked {
  readonly report: ProofReport;
  readonly trust: Trust;
  /** When it was checked, by the clock of this device. */
  readonly now: string;
  /** What nobody has checked besides what the report names. */
  readonly alsoOpen: readonly string[];
}

export function reportOf({ report, trust, now, alsoOpen }: Checked): readonly HTMLElement[] {
  const { verdict, notChecked } = report;
  return [
    verdictOf(verdict),
    heading('What this proof shows'),
    element('ul', 'tiers', ...TIER_NAMES.map((tier) => tierOf(tier, report))),
    heading('What was not checked'),
    list([...notChecked, ...alsoOpen]),
    ...resultsOf(verdict),
    heading('The chain'),
    element('p', 'soft', 'Each report stands above those that it rests on.'),
    chainOf(verdict),
    ...rootsOf(verdict),
    heading('For your records'),
    factsOf([
      ['Bundle (SHA-256)', report.bundle],
      ['Your trust file (fingerprint)', trustFingerprint(trust)],
      ['Institutes that it trusts', trust.roots.map((root) => root.name).join(', ')],
      ['Registry', verdict.registry],
      [
        "The ledger's epoch when the bundle was made, by its maker's word",
        `${report.epoch.number}, opened ${report.epoch.opened}`,
      ],
      ["Checked at, by this device's clock", now],
    ]),
  ];
}

function verdictOf(verdict: Verdict): HTMLElement {
  const { status, device, reason, asOf, knownAt, quantity, at, findings } = verdict;
  const places = at
    ? [...(at.value === null ? [] : [String(at.value)]), ...at.arguments.map((each) => `${each.name} ${each.value}`)]
    : [];
  const asked = [
    ...(quantity === null ? [] : [`for ${quantity}`]),
    ...(places.length === 0 ? [] : [`at ${places.join(', ')}`]),
    `as of ${asOf}`,
    ...(knownAt === null ? [] : [`known at ${knownAt}`]),
  ];
  const title = element('h2', '', element('span', `word ${TONES[status]}`, status), ' ', name(device));
  title.id = 'verdict-title';
  const print = element('button', '', 'Print');
  print.type = 'button';
  print.addEventListener('click', () => {
    print.ownerDocument.defaultView?.print();
  });
  return element(
    'div',
    'verdict',
    title,
    element('p', '', MEANINGS[status]),
    element('p', '', name(reason)),
    element('p', 'soft', `The question: ${asked.join(', ')}.`),
    ...findings.map((finding) => element('p', '', `${finding.check}: `, name(finding.reason))),
    ...ownersWords(verdict),
    print,
  );
}

function ownersWords({ requirements, due }: Verdict): readonly HTMLElement[] {
  return [
    ...(due?.date === undefined || due.date === null ? [] : [element('p', '', `Recalibration is due on ${due.date}.`)]),
    ...(requirements && requirements.number !== null
      ? [
          element(
            'p',
            '',
            requirements.fulfilled
              ? 'It fulfils what its owner requires: '
              : 'It does not fulfil what its owner requires: ',
            name(requirements.owner),
            ...requirements.unmet.map(({ reason }) => `; ${reason}`),
          ),
        ]
      : []),
  ];
}

function tierOf(tier: TierName, report: ProofReport): HTMLElement {
  const { holds, shows } = report.tiers[tier];
  const { by, asOf } = standing(tier, report);
  return element(
    'li',
    holds ? 'shown' : '',
    element(
      'h3',
      '',
      element('span', holds ? 'good' : 'soft', holds ? '✓ Shown' : '– Not shown'),
      ` · ${tier}: ${QUESTIONS[tier]}`,
    ),
    element('p', '', name(shows)),
    ...(holds && by.length > 0 ? [element('p', '', 'By: ', name(by.join(', ')))] : []),
    ...(holds && asOf !== undefined ? [element('p', '', `As of: ${asOf}`)] : []),
  );
}

/** By whom a tier holds, and as of when. */
function standing(
  tier: TierName,
  { verdict, fresh, tiers }: ProofReport,
): { by: readonly string[]; asOf: string | undefined } {
  const { by = [], asOf }: Tier = tiers[tier];
  switch (tier) {
    case 'chain':
      return { by: verdict.roots.map(({ organisation }) => organisation), asOf: verdict.asOf };
    case 'fresh': {
      const heartbeats = fresh?.heartbeats ?? [];
      const [oldest] = heartbeats.map(({ time }) => time).sort();
      return { by: heartbeats.map(({ institute }) => institute), asOf: oldest };
    }
    case 'endorsed':
    case 'recorded':
      return { by, asOf };
  }
}

function resultsOf({ results }: Verdict): readonly HTMLElement[] {
  if (results.length === 0) return [];
  const head = ['Quantity', 'Values', 'Uncertainty', 'Verdict', 'Ends at'];
  return [
    heading('Its results'),
    element(
      'table',
      '',
      element('thead', '', element('tr', '', ...head.map(columnOf))),
      element('tbody', '', ...results.map(rowOf)),
    ),
  ];
}

function columnOf(text: string): HTMLElement {
  const cell = element('th', '', text);
  cell.scope = 'col';
  return cell;
}

function rowOf(result: ResultVerdict): HTMLElement {
  const { quantity, status, reason, counted, roots, conformity } = result;
  const notes = [
    ...(status === 'TRACEABLE' ? [] : [reason]),
    ...(counted ? [] : ['not counted']),
    ...(conformity === null ? [] : [`conformity: ${CONFORMITY_WORDS[conformity]}`]),
  ];
  return element(
    'tr',
    '',
    element('td', '', name(`${quantity} (${result.name})`)),
    element('td', '', name(valuesText(result))),
    element('td', '', name(uncertaintyText(result))),
    element('td', '', element('strong', TONES[status], status), ...notes.map((note) => element('div', '', name(note)))),
    element('td', '', name(roots.join(', '))),
  );
}

function rootsOf({ roots, heartbeats }: Verdict): readonly HTMLElement[] {
  return [
    heading('Where it ends'),
    roots.length === 0
      ? element('p', '', 'At no institute.')
      : element(
          'ul',
          '',
          ...roots.map(({ organisation, sha256 }) =>
            element('li', '', name(organisation), `, root certificate ${sha256}`),
          ),
        ),
    ...(heartbeats.length === 0
      ? []
      : [
          list(
            heartbeats.map(({ institute, time, epoch }) => `heartbeat of ${institute}: ${time}, over epoch ${epoch}`),
          ),
        ]),
  ];
}

function factsOf(facts: readonly (readonly [string, string])[]): HTMLElement {
  return element(
    'dl',
    '',
    ...facts.flatMap(([what, value]) => [element('dt', '', what), element('dd', '', name(value))]),
  );
}

function heading(text: string): HTMLElement {
  return element('h2', '', text);
}

function list(sentences: readonly string[]): HTMLElement {
  return element('ul', '', ...sentences.map((each) => element('li', '', name(each))));
}
