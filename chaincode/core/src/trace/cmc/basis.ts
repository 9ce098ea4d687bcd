import type { OrganisationKind } from '../../model/index.js';
import type { CmcJudgement } from './judge.js';
import { CMC_POLICY } from './policy.js';
import type { CmcPolicy } from './policy.js';

/**
 * What a result may rest on at the end of the walk.
 *
 * `cmc`: an institute within its published CMCs. `nmi-word`: an institute outside them. `accreditation`: an accredited
 * laboratory whose standards are not shown. `realisation`: an accredited laboratory that realises the unit itself.
 * null: the result rests on its parents alone, or on nothing.
 */
export type Basis = 'cmc' | 'nmi-word' | 'accreditation' | 'realisation' | null;

export type BasisOutcome = 'sound' | 'note' | 'attested' | 'missing' | 'failed';

/** The conditions that prevent a better outcome. */
export const BASIS_CONDITIONS = [
  /** a) The certificate does not claim the accreditation for this result. */
  'claim',
  /** a) The certificate excludes this result from its accreditation. */
  'excluded',
  /** b) No line covers the result. */
  'line',
  /** b) The line does not name the method of the realisation. */
  'method',
  /** c) The uncertainty is below the CMC of a line that covers it. */
  'below-cmc',
  /** The result states no usable uncertainty. */
  'uncertainty',
  /** d) A named parent failed. */
  'parent-failed',
  /** d) A parent that is declared as the reference is of another kind of quantity. */
  'parent-kind',
  /** d) The digest of a named parent does not match. */
  'parent-digest',
  /** e) A report of the ledger's own form names its standards. */
  'imported',
  /** A parent is incomplete or could not be found. */
  'parents',
  /** The owner's policy refuses accreditation in place of a chain. */
  'owner',
  /** Too few other organisations confirmed the transcription. */
  'confirmations',
] as const;
export type BasisCondition = (typeof BASIS_CONDITIONS)[number];

/** A parent as the report names it. */
export interface NamedParent {
  /** `ledger`: a report on the ledger. `paper`: described, not on the ledger. `unresolved`: named only, or not found. */
  readonly standing: 'ledger' | 'paper' | 'unresolved';
  /** Whether the result rests on it, as reference, input or ratio. Influences and checks have rules of their own. */
  readonly supports: boolean;
  /** What the walk found for the result that this one uses. */
  readonly outcome: BasisOutcome;
  /** It is declared as the reference, but is of another kind of quantity. */
  readonly contradictsKind: boolean;
  readonly digestMismatch: boolean;
}

export interface Grounds {
  readonly organisationKind: OrganisationKind;
  /** The organisation makes or owns the device. */
  readonly isOwnDevice: boolean;
  /** The report came as a certificate; a report of the ledger's own form is signed by its parents' keys. */
  readonly isImported: boolean;
  readonly isTranscription: boolean;
  /** The seal of the certificate is verified. */
  readonly sealed: boolean;
  /** Organisations, besides the transcriber's, whose officers signed that the transcription reads equal. */
  readonly confirmations: number;
  /** What the certificate itself says about its accreditation for this result. */
  readonly claim: { readonly stated: boolean; readonly excluded: boolean };
  /** The result is a realisation of the unit by the laboratory itself. */
  readonly isRealisation: boolean;
  /** One a counted row and day. */
  readonly judgements: readonly CmcJudgement[];
  readonly parents: readonly NamedParent[];
  /** The owner's policy about accreditation in place of a chain. */
  readonly accreditation: 'accept' | 'attested' | 'refuse';
}

export interface BasisFound {
  readonly outcome: BasisOutcome;
  readonly basis: Basis;
  /** In the order of {@link BASIS_CONDITIONS}. */
  readonly missingConditions: readonly BasisCondition[];
  /** Whether to show "sealed": a transcription of a certificate whose seal is verified. */
  readonly sealed: boolean;
}

/**
 * What a result rests on, and the outcome. Its parents on the ledger always count: a failed parent fails the result, whatever else it
 * rests on.
 *
 * @example basisOf({ organisationKind: 'NMI', ... }) // { outcome: 'sound', basis: 'cmc', missingConditions: [], sealed: false }
 */
export function basisOf(grounds: Grounds, policy: CmcPolicy = CMC_POLICY): BasisFound {
  const ground = groundOf(grounds);
  const isUnconfirmed = grounds.isTranscription && grounds.confirmations < policy.confirmations;
  const outcome = worst([ground.outcome, isUnconfirmed ? 'attested' : 'sound']);
  const missing = new Set([...ground.missing, ...(outcome === ground.outcome ? [] : ['confirmations' as const])]);
  return {
    outcome,
    basis: ground.basis,
    missingConditions: BASIS_CONDITIONS.filter((condition) => missing.has(condition)),
    sealed: grounds.isTranscription && grounds.sealed,
  };
}

interface Ground {
  readonly outcome: BasisOutcome;
  readonly basis: Basis;
  readonly missing: readonly BasisCondition[];
}

function groundOf(grounds: Grounds): Ground {
  if (grounds.organisationKind === 'NMI') {
    return ofInstitute(grounds);
  }
  const ground = ofLaboratory(grounds);
  // A maker is responsible for its own devices: for them it needs a chain, but no accreditation.
  const isMakersOwn = grounds.organisationKind === 'OEM' && grounds.isOwnDevice;
  return isMakersOwn && ground.basis === null ? ofParents(grounds, SOUND) : ground;
}

/** Naming parents that are not on the ledger must not be worse than naming none; those on the ledger count. */
function ofInstitute(grounds: Grounds): Ground {
  const judged = judgedOf(grounds);
  const shown = supporting(grounds).filter(({ standing, digestMismatch }) => standing === 'ledger' || digestMismatch);
  const outcomes = shown.map(edgeOf);
  const isOpen = outcomes.includes('missing');
  const missing = [...judged.missing, ...objectionsTo(shown), ...(isOpen ? ['parents' as const] : [])];
  return judged.missing.length === 1 && judged.missing[0] === 'line'
    ? { outcome: worst(['attested', ...outcomes]), basis: 'nmi-word', missing }
    : { outcome: worst([judged.outcome, ...outcomes]), basis: judged.missing.length === 0 ? 'cmc' : null, missing };
}

/** A laboratory's result rests on its parents. If these are not shown, it rests on the accreditation, where the conditions allow that. */
function ofLaboratory(grounds: Grounds): Ground {
  const judged = judgedOf(grounds);
  if (isShown(grounds) || judged.outcome === 'failed') {
    return ofParents(grounds, judged);
  }
  const lacking = [
    ...judged.missing,
    ...(grounds.isRealisation ? lackingForRealisation(grounds) : lackingForAccreditation(grounds)),
    ...objectionsTo(grounds.parents),
    ...(grounds.accreditation === 'refuse' ? ['owner' as const] : []),
  ];
  return lacking.length === 0
    ? {
        outcome: grounds.accreditation === 'accept' ? 'note' : 'attested',
        basis: grounds.isRealisation ? 'realisation' : 'accreditation',
        missing: [],
      }
    : ofParents(grounds, { outcome: judged.outcome, missing: lacking });
}

/** Conditions a and e. */
function lackingForAccreditation({ claim, isImported }: Grounds): readonly BasisCondition[] {
  return [
    ...(claim.excluded ? ['excluded' as const] : claim.stated ? [] : ['claim' as const]),
    ...(isImported ? [] : ['imported' as const]),
  ];
}

/** A realisation has no parents: the line has to name its method, and the report has to state that method. */
function lackingForRealisation({ claim, judgements }: Grounds): readonly BasisCondition[] {
  const isNamed = judgements.every((judgement) => judgement.outcome === 'missing' || judgement.compared.byMethod);
  return [...(claim.excluded ? ['excluded' as const] : []), ...(isNamed ? [] : ['method' as const])];
}

interface Judged {
  readonly outcome: BasisOutcome;
  readonly missing: readonly BasisCondition[];
}

const SOUND: Judged = { outcome: 'sound', missing: [] };

/** Conditions b and c. */
function judgedOf({ judgements }: Grounds): Judged {
  const missing = new Set(judgements.flatMap(conditionOf));
  return judgements.length === 0
    ? { outcome: 'missing', missing: ['uncertainty'] }
    : { outcome: worst(judgements.map(({ outcome }) => outcome)), missing: [...missing] };
}

function conditionOf(judgement: CmcJudgement): readonly BasisCondition[] {
  if (judgement.outcome === 'missing') {
    return [judgement.reason === 'not-covered' ? 'line' : 'uncertainty'];
  }
  return judgement.outcome === 'failed' ? ['below-cmc'] : [];
}

/** The parents alone, together with what was judged. */
function ofParents(grounds: Grounds, judged: Judged): Ground {
  const parents = supporting(grounds);
  const isWhole = isShown(grounds);
  return {
    outcome: worst([judged.outcome, isWhole ? 'sound' : 'missing', ...parents.map(edgeOf)]),
    basis: null,
    missing: [...judged.missing, ...objectionsTo(parents), ...(isWhole ? [] : ['parents' as const])],
  };
}

/** Condition d: faults of the parents that a report names. */
function objectionsTo(parents: readonly NamedParent[]): readonly BasisCondition[] {
  return [
    ...(parents.some(({ outcome }) => outcome === 'failed') ? ['parent-failed' as const] : []),
    ...(parents.some(({ contradictsKind }) => contradictsKind) ? ['parent-kind' as const] : []),
    ...(parents.some(({ digestMismatch }) => digestMismatch) ? ['parent-digest' as const] : []),
  ];
}

function supporting({ parents }: Grounds): readonly NamedParent[] {
  return parents.filter(({ supports }) => supports);
}

/** Whether everything that the result rests on is named and found. */
function isShown(grounds: Grounds): boolean {
  const parents = supporting(grounds);
  return parents.length > 0 && parents.every((parent) => edgeOf(parent) !== 'missing');
}

function edgeOf({ standing, outcome, contradictsKind, digestMismatch }: NamedParent): BasisOutcome {
  const isOpen = standing === 'unresolved' || contradictsKind || digestMismatch;
  return worst([outcome, isOpen ? 'missing' : 'sound']);
}

const ORDER: readonly BasisOutcome[] = ['sound', 'note', 'attested', 'missing', 'failed'];

function worst(outcomes: readonly BasisOutcome[]): BasisOutcome {
  return ORDER[Math.max(0, ...outcomes.map((outcome) => ORDER.indexOf(outcome)))] ?? 'failed';
}
