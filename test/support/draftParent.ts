import type { DraftParent, DraftParentCertificate } from '@tracecal/gateway-client/dcc';

/** What a test says about a parent that a certificate names. */
export interface ParentParts extends Partial<Omit<DraftParent, 'certificate'>> {
  /** The number of its certificate; null: the certificate names none. */
  readonly number?: string | null;
  readonly procedure?: string;
  readonly value?: string;
  readonly certificate?: null;
}

/** A parent as a draft has it: a Pt25 whose certificate states no digest. */
export function draftParent({ number = null, procedure = 'none', value = 'none', ...parts }: ParentParts): DraftParent {
  const sha256 = /^[0-9a-f]{64}$/.test(value) ? value : null;
  const digest =
    sha256 === null ? null : ({ algorithm: 'SHA-256', of: null, value: sha256, procedure, written: value } as const);
  const certificate: DraftParentCertificate = {
    number,
    title: null,
    analogue: procedure === 'analogue',
    digest,
    procedure,
    value,
    traceable: null,
    inValidityRange: null,
    linked: [],
  };
  const nobody = {
    serial: null,
    manufacturer: null,
    model: null,
    numbers: [],
    refTypes: [],
    paper: null,
    ofCondition: false,
  };
  return { name: 'Pt25', ...nobody, certificate, ...parts };
}
