import type { Certificate } from '../certificate.js';
import type { Circumstances, Condition } from '../data.js';
import type { CertificateReference, Equipment } from '../equipment.js';
import { oneLine } from '../oneLine.js';
import { isAnalogue } from '../parents.js';
import type { Statement } from '../data.js';
import { digestOf, type ParentDigest } from './digests.js';
import { means, type PaperParent } from './mapping.js';
import type { Origin } from './shapes.js';

/** Equipment that was used, with the certificate of its calibration, to be matched with registered devices and reports. */
export interface DraftParent {
  readonly name: string;
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly numbers: readonly { readonly issuer: string | null; readonly value: string }[];
  readonly refTypes: readonly string[];
  /** Null: the certificate names no certificate of this equipment. */
  readonly certificate: DraftParentCertificate | null;
  /** The transcriber's statements about it. */
  readonly paper: PaperParent | null;
  /** Whether it measured a condition. */
  readonly ofCondition: boolean;
}

export interface DraftParentCertificate {
  readonly number: string | null;
  readonly title: string | null;
  readonly analogue: boolean;
  readonly digest: ParentDigest | null;
  /** As written; null for a certificate that only the transcriber names. */
  readonly procedure: string | null;
  readonly value: string | null;
  /** The issuer's statement: `false` denies traceability for this edge. */
  readonly traceable: boolean | null;
  readonly inValidityRange: boolean | null;
  /** Numbers of the certificates that this one depends on in turn. */
  readonly linked: readonly string[];
}

export type UseRole = 'reference' | 'input' | 'ratio' | 'influence' | 'check' | 'after';

/** A parent that a result uses. */
export interface Use {
  /** Place among the parents, counted from 0. */
  readonly source: number;
  /** Null: the certificate does not state it; then a standard of the result's kind is its reference. */
  readonly role: UseRole | null;
  readonly from: Origin;
}

const ROLES: readonly (readonly [RegExp, UseRole])[] = [
  [/normalUsed|standardUsed|measurementStandard|referenceStandard|referenceMaterial/i, 'reference'],
  [/checkStandard/i, 'check'],
  [/auxiliary|ambient|influence/i, 'influence'],
];

/** The parents of a certificate; equipment that is listed several times is one parent. */
export class ParentList {
  readonly #parents: DraftParent[] = [];
  readonly #places = new Map<string, number>();
  readonly #placeOf = new Map<Equipment | Condition, number>();

  constructor(
    { equipment, conditions }: Pick<Certificate, 'equipment' | 'conditions'>,
    papers: readonly PaperParent[],
  ) {
    const facts = new Set(papers);
    for (const device of equipment) {
      this.#add(device, parentOf(device, takeFacts(facts, device, device.certificate)));
    }
    for (const condition of conditions) {
      if (condition.certificate) {
        this.#add(condition, parentOfCondition(condition, takeFacts(facts, null, condition.certificate)));
      }
    }
    // A parent that only the transcriber names.
    facts.forEach((paper) => this.#parents.push(parentOnPaper(paper)));
  }

  get parents(): readonly DraftParent[] {
    return this.#parents;
  }

  /** The equipment stated with the results' circumstances, and the equipment that their metadata refer to. */
  usesOf(circumstances: readonly Circumstances[], metaData: readonly Statement[]): readonly Use[] {
    const uses = new Map<number, Use>();
    const pointedAt = new Map(
      metaData.flatMap(({ about, refType }) => {
        const role = roleOf(refType);
        return role === null ? [] : about.map((id) => [id, role] as const);
      }),
    );
    for (const device of circumstances.flatMap((each) => each.equipment)) {
      const role = roleOf(device.refType) ?? pointedAt.get(device.id ?? '') ?? null;
      this.#use(uses, device, role, role === null ? 'structure' : 'refType');
    }
    for (const condition of circumstances.flatMap((each) => each.conditions)) {
      this.#use(uses, condition, 'influence', 'condition');
    }
    this.#parents.forEach(({ certificate, paper }, source) => {
      if (paper && certificate?.procedure === null) {
        uses.set(source, { source, role: null, from: 'mapping' });
      }
    });
    return [...uses.values()].sort((a, b) => a.source - b.source);
  }

  #use(uses: Map<number, Use>, used: Equipment | Condition, role: UseRole | null, from: Origin): void {
    const source = this.#placeOf.get(used);
    if (source !== undefined && uses.get(source)?.role !== 'reference') {
      uses.set(source, { source, role, from });
    }
  }

  #add(from: Equipment | Condition, parent: DraftParent): void {
    const key = JSON.stringify([parent.name, parent.serial, parent.model, parent.certificate]);
    const known = this.#places.get(key);
    const place = known ?? this.#parents.push(parent) - 1;
    this.#places.set(key, place);
    this.#placeOf.set(from, place);
  }
}

function roleOf(refType: string | null): UseRole | null {
  return ROLES.find(([pattern]) => pattern.test(refType ?? ''))?.[1] ?? null;
}

function takeFacts(
  facts: Set<PaperParent>,
  device: Equipment | null,
  certificate: CertificateReference | null,
): PaperParent | null {
  const number = certificate?.referralId ?? null;
  const marks = [device?.serial ?? null, ...(device?.name?.all ?? []).map(({ text }) => text)];
  const found = [...facts].find(
    ({ certificate: named, equipment, number: own }) =>
      (equipment !== undefined && means(equipment, 0, marks)) || (number !== null && [named, own].includes(number)),
  );
  if (found) {
    facts.delete(found);
  }
  return found ?? null;
}

function parentOf(device: Equipment, paper: PaperParent | null): DraftParent {
  return {
    name: oneLine(device.name?.text) || 'not named',
    serial: device.serial,
    manufacturer: device.manufacturer,
    model: device.model,
    numbers: device.identifications.map(({ issuer, value }) => ({ issuer, value })),
    refTypes: device.refType?.split(/\s+/) ?? [],
    certificate: device.certificate && certificateOf(device.certificate),
    paper,
    ofCondition: false,
  };
}

const NOBODY = { serial: null, manufacturer: null, model: null, numbers: [], refTypes: [] } as const;

function parentOfCondition({ name, certificate }: Condition, paper: PaperParent | null): DraftParent {
  return {
    ...NOBODY,
    name: oneLine(name?.text) || 'condition',
    certificate: certificate && certificateOf(certificate),
    paper,
    ofCondition: true,
  };
}

function parentOnPaper(paper: PaperParent): DraftParent {
  const certificate = {
    number: paper.number,
    title: null,
    analogue: true,
    digest: null,
    procedure: null,
    value: null,
    traceable: null,
    inValidityRange: null,
    linked: [],
  };
  return { ...NOBODY, name: paper.equipment ?? 'not named', certificate, paper, ofCondition: false };
}

function certificateOf(reference: CertificateReference): DraftParentCertificate {
  const linked: string[] = [];
  for (let next = reference.linked; next; next = next.linked) {
    linked.push(oneLine(next.referralId ?? next.referral?.text) || 'not named');
  }
  return {
    number: reference.referralId,
    title: reference.referral?.text ?? null,
    analogue: isAnalogue(reference),
    digest: digestOf(reference),
    procedure: reference.procedure ?? '',
    value: reference.value,
    traceable: reference.traceable,
    inValidityRange: reference.inValidityRange,
    linked,
  };
}
