import type { PseudonymFile } from '@tracecal/core/pseudonym';
import { DEVICE_FACTS, ORGANISATION_FACTS } from '../pseudonyms.js';
import { GOLD_VALUE, HIDDEN } from './hidden.js';
import type { PseudonymSecret, ReportSecret } from './matrix.js';
import { idsOf, secretsOf, TWINS } from './twins.js';
import { OPENED } from './world.js';
import type { SecretWorld } from './world.js';

/** What is looked for: what a reader is given of it, and what its owner keeps. */
export interface Sought {
  readonly given: readonly (string | number)[];
  readonly kept: readonly (string | number)[];
}

const given = (...parts: readonly (string | number)[]): Sought => ({ given: parts, kept: [] });

/** Of the reports; what is public, of the one with many results. The number of results is no text: twins are compared for it. */
export function reportSecrets(world: SecretWorld): Readonly<Record<Exclude<ReportSecret, 'number'>, Sought>> {
  const { hierarchy } = world.proven.registry;
  const { device, report, child } = idsOf('lot');
  const { body } = hierarchy.payloadOf(report);
  const ofBoth = (which: 'values' | 'uncertainties' | 'names'): Sought => ({
    given: secretsOf('lot', 'disclosed')[which],
    kept: TWINS.flatMap((twin): readonly (string | number)[] => secretsOf(twin, 'kept')[which]),
  });
  const shown = TWINS.flatMap((twin) => saltsIn(world.disclosed(twin)));
  return {
    values: ofBoth('values'),
    uncertainties: ofBoth('uncertainties'),
    names: ofBoth('names'),
    salts: {
      given: shown,
      kept: TWINS.flatMap((twin) => saltsIn(world.kept(twin))).filter((salt) => !shown.includes(salt)),
    },
    root: given(body.results[0]?.sha256 ?? ''),
    dates: given(body.performed.end),
    parents: given(device, 'oem-a', 'nmi-north/reference-a-r1'),
    laboratory: given('lab-alpha/t-lab-alpha'),
    vouchers: given('officer:lab-beta/officer', 'officer:nmi-east/officer'),
    later: given(child),
  };
}

/** Of the hidden standard, and of the hidden owner of what rests on it. */
export function pseudonymSecrets(world: SecretWorld): Readonly<Record<PseudonymSecret, Sought>> {
  const { gold, owner } = world.hidden;
  const { manufacturer, model, serial, note, owner: stated } = DEVICE_FACTS;
  const { name, identity } = ORGANISATION_FACTS;
  const { performed } = world.proven.registry.hierarchy.payloadOf(HIDDEN.goldReport).body;
  return {
    maker: { given: [model], kept: [manufacturer, note, stated] },
    serial: given(serial),
    salts: { given: saltsOf(gold, true), kept: [...saltsOf(gold, false), gold.filler] },
    owner: given(name, identity, ...saltsOf(owner, true), ...saltsOf(owner, false), owner.filler),
    ownersPseudonym: given(owner.id),
    certifier: given('nmi-north', gold.id),
    calibrator: given('nmi-north/t-nmi-north'),
    results: given(GOLD_VALUE),
    dates: given(performed.end),
    parents: given(HIDDEN.silver, HIDDEN.goldReport),
    children: given(HIDDEN.other),
    when: given(world.registered),
    submitter: given(world.submitter),
  };
}

function saltsIn(disclosures: ReturnType<SecretWorld['kept']>): readonly string[] {
  return disclosures.flatMap(({ leaves }) => leaves.map(({ salt }) => salt));
}

function saltsOf({ facts }: PseudonymFile, isOpened: boolean): readonly string[] {
  return facts.filter(({ fact }) => OPENED.includes(fact) === isOpened).map(({ salt }) => salt);
}
