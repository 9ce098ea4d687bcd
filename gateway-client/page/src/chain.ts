import { branchesOf, givenText } from '@tracecal/core/trace';
import type { Branch, Edge, Verdict } from '@tracecal/core/trace';
import { element, name } from './dom.js';
import { OUTCOMES } from './words.js';

/** The chain of reports as nested lists: below each report those that it rests on. */
export function chainOf({ edges }: Pick<Verdict, 'edges'>): HTMLElement {
  return element('ol', 'chain', ...branchesOf(edges).map(itemOf));
}

function itemOf({ edge, parents }: Branch): HTMLElement {
  const { mark, tone } = OUTCOMES[edge.outcome];
  const details = element(
    'details',
    '',
    element('summary', '', element('strong', tone, `${mark} ${edge.outcome}: `), ...titleOf(edge)),
    ...factsOf(edge),
  );
  details.open = true;
  const below = parents.length > 0 ? [element('ol', '', ...parents.map(itemOf))] : [];
  return element('li', '', details, ...below);
}

function titleOf({ device, report, amendedBy }: Edge): readonly (Node | string)[] {
  if (device === null && report === null) return ['outside the registry'];
  const amended = amendedBy === null ? [] : [' (amended by ', name(amendedBy), ')'];
  return [
    ...(device === null ? [] : [element('strong', '', name(device))]),
    ' ',
    ...(report === null ? ['no report'] : ['report ', name(report), ...amended]),
  ];
}

function factsOf(edge: Edge): readonly HTMLElement[] {
  const { organisation, technician, performed, registered, certificate, gives, findings, compared = [] } = edge;
  const line = (...children: readonly (Node | string)[]) => element('p', '', ...children);
  return [
    ...(organisation === null
      ? []
      : [line('by ', name(organisation), ...(technician === null ? [] : [', ', name(technician)]))]),
    ...(performed === null
      ? []
      : [line(`done on ${performed}${registered === null ? '' : `, registered ${registered}`}`)]),
    ...(certificate
      ? [line('imported from certificate ', name(certificate.number), ' of ', name(certificate.laboratory))]
      : []),
    ...gives.map((given) => line(name(given.quantity), ` ${givenText(given)}`)),
    ...findings.map(({ check, outcome, reason }) =>
      line(element('strong', '', `${check} (${outcome}): `), name(reason)),
    ),
    ...(compared.length === 0 ? [] : [comparedOf(compared)]),
  ];
}

function comparedOf(compared: readonly string[]): HTMLElement {
  return element(
    'details',
    'soft',
    element('summary', '', 'What each check compared'),
    element('ul', '', ...compared.map((each) => element('li', '', name(each)))),
  );
}
