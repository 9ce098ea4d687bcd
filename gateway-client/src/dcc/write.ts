import { DCC_NAMESPACE, SI_NAMESPACE, XSI_NAMESPACE } from './namespaces.js';
import { element, serialiseXml, withAttributes, type XmlOutput } from './write-xml.js';

/** A certificate to be written. Texts are in one language; decimals are given as they shall be written. */
export interface NewCertificate {
  /** Stands at the top of the file as a comment. */
  readonly remark: string;
  readonly software: { readonly name: string; readonly release: string };
  readonly uniqueIdentifier: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** ISO 639-1. */
  readonly language: string;
  readonly performed: { readonly begin: string; readonly end: string };
  readonly performedAt: 'laboratory' | 'customer' | 'laboratoryBranch' | 'customerBranch' | 'other';
  readonly issued: string;
  readonly item: NewDevice;
  readonly laboratory: NewContact;
  readonly customer: NewContact;
  /** The first one signs. */
  readonly persons: readonly { readonly name: string; readonly role: string }[];
  readonly statements: readonly NewStatement[];
  readonly methods: readonly { readonly name: string; readonly norm: string }[];
  readonly parents: readonly NewParent[];
  readonly conditions: readonly NewCondition[];
  readonly results: readonly NewResult[];
}

export interface NewDevice {
  readonly name: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
}

export interface NewContact {
  readonly name: string;
  readonly eMail: string;
  readonly street: string;
  readonly postCode: string;
  readonly city: string;
  readonly country: string;
}

export interface NewStatement {
  readonly refType?: string;
  readonly norm?: string;
  readonly reference?: string;
  readonly declaration: string;
  readonly conformity?: 'pass' | 'fail';
}

/** A standard that was used, and its certificate. */
export interface NewParent {
  readonly device: NewDevice;
  readonly certificate: {
    readonly title: string;
    readonly uniqueIdentifier: string;
    /** SHA-256 of the parent certificate's file, hex; null for one on paper. */
    readonly sha256: string | null;
  };
}

export interface NewCondition {
  readonly name: string;
  readonly refType: string;
  readonly min: string;
  readonly max: string;
  readonly unit: string;
}

/** A table: all columns have as many rows. */
export interface NewResult {
  readonly name: string;
  readonly columns: readonly NewColumn[];
}

export interface NewColumn {
  readonly name: string;
  readonly refType: string;
  readonly unit: string;
  readonly values: readonly string[];
  /** Expanded uncertainties, one a row. */
  readonly uncertainty?: { readonly U: readonly string[]; readonly k: string; readonly p: string };
  /** One for the column. */
  readonly conformity?: 'pass' | 'fail';
}

/** The file of a certificate, valid by the schema of DCC 3.3.0 (D-SI 2.2.1). The same input gives the same bytes. */
export function writeCertificate(certificate: NewCertificate): Uint8Array {
  const root = element(
    'dcc:digitalCalibrationCertificate',
    administrativeData(certificate),
    element('dcc:measurementResults', measurementResult(certificate)),
  );
  const attributes = {
    'xmlns:dcc': DCC_NAMESPACE,
    'xmlns:si': SI_NAMESPACE,
    'xmlns:xsi': XSI_NAMESPACE,
    'xsi:schemaLocation': `${DCC_NAMESPACE} ${DCC_NAMESPACE}/v3.3.0/dcc.xsd`,
    schemaVersion: '3.3.0',
  };
  return serialiseXml(withAttributes(root, attributes), certificate.remark);
}

function administrativeData(certificate: NewCertificate): XmlOutput {
  const { software, item, laboratory, customer, persons, statements } = certificate;
  return element(
    'dcc:administrativeData',
    element(
      'dcc:dccSoftware',
      element('dcc:software', text('dcc:name', software.name), element('dcc:release', software.release)),
    ),
    coreData(certificate),
    element('dcc:items', element('dcc:item', text('dcc:name', item.name), ...identity(item))),
    element('dcc:calibrationLaboratory', contact('dcc:contact', laboratory)),
    element(
      'dcc:respPersons',
      ...persons.map((person, i) =>
        element(
          'dcc:respPerson',
          element('dcc:person', text('dcc:name', person.name)),
          element('dcc:role', person.role),
          element('dcc:mainSigner', String(i === 0)),
        ),
      ),
    ),
    contact('dcc:customer', customer),
    listOf('dcc:statements', statements.map(statement)),
  );
}

function coreData({ country, language, uniqueIdentifier, performed, performedAt, issued }: NewCertificate): XmlOutput {
  return element(
    'dcc:coreData',
    element('dcc:countryCodeISO3166_1', country),
    element('dcc:usedLangCodeISO639_1', language),
    element('dcc:mandatoryLangCodeISO639_1', language),
    element('dcc:uniqueIdentifier', uniqueIdentifier),
    element('dcc:beginPerformanceDate', performed.begin),
    element('dcc:endPerformanceDate', performed.end),
    element('dcc:performanceLocation', performedAt),
    element('dcc:issueDate', issued),
  );
}

function identity({ manufacturer, model, serial }: NewDevice): XmlOutput[] {
  return [
    element('dcc:manufacturer', text('dcc:name', manufacturer)),
    element('dcc:model', model),
    element(
      'dcc:identifications',
      element(
        'dcc:identification',
        element('dcc:issuer', 'manufacturer'),
        element('dcc:value', serial),
        text('dcc:name', 'Serial no.'),
      ),
    ),
  ];
}

function contact(name: string, { eMail, street, postCode, city, country, ...rest }: NewContact): XmlOutput {
  return element(
    name,
    text('dcc:name', rest.name),
    element('dcc:eMail', eMail),
    element(
      'dcc:location',
      element('dcc:street', street),
      element('dcc:postCode', postCode),
      element('dcc:city', city),
      element('dcc:countryCode', country),
    ),
  );
}

function statement({ refType, norm, reference, declaration, conformity }: NewStatement): XmlOutput {
  return ofType(
    refType,
    element(
      'dcc:statement',
      optional('dcc:norm', norm),
      optional('dcc:reference', reference),
      text('dcc:declaration', declaration),
      optional('dcc:conformity', conformity),
    ),
  );
}

function measurementResult({ item, methods, parents, conditions, results }: NewCertificate): XmlOutput {
  return element(
    'dcc:measurementResult',
    text('dcc:name', `Calibration of ${item.name}`),
    listOf(
      'dcc:usedMethods',
      methods.map(({ name, norm }) => element('dcc:usedMethod', text('dcc:name', name), element('dcc:norm', norm))),
    ),
    listOf('dcc:measuringEquipments', parents.map(measuringEquipment)),
    listOf('dcc:influenceConditions', conditions.map(influenceCondition)),
    element('dcc:results', ...results.map(resultTable)),
  );
}

function measuringEquipment({ device, certificate }: NewParent): XmlOutput {
  return ofType(
    'basic_normalUsed',
    element(
      'dcc:measuringEquipment',
      text('dcc:name', device.name),
      element(
        'dcc:certificate',
        text('dcc:referral', certificate.title),
        element('dcc:referralID', certificate.uniqueIdentifier),
        element('dcc:procedure', certificate.sha256 === null ? 'analogue' : 'sha256'),
        element('dcc:value', certificate.sha256 ?? 'analogue'),
      ),
      ...identity(device),
    ),
  );
}

function influenceCondition({ name, refType, min, max, unit }: NewCondition): XmlOutput {
  const limit = (which: 'Min' | 'Max', value: string) =>
    ofType(
      `${refType}${which}`,
      element(
        'dcc:quantity',
        text('dcc:name', `${name}, ${which === 'Min' ? 'lowest' : 'highest'}`),
        element('si:real', element('si:value', value), element('si:unit', unit)),
      ),
    );
  return ofType(
    refType,
    element(
      'dcc:influenceCondition',
      text('dcc:name', name),
      element('dcc:data', limit('Min', min), limit('Max', max)),
    ),
  );
}

function resultTable({ name, columns }: NewResult): XmlOutput {
  return element(
    'dcc:result',
    text('dcc:name', name),
    element('dcc:data', element('dcc:list', ...columns.map(column))),
  );
}

function column({ name, refType, unit, values, uncertainty, conformity }: NewColumn): XmlOutput {
  return ofType(
    refType,
    element(
      'dcc:quantity',
      text('dcc:name', name),
      element(
        'si:realListXMLList',
        element('si:valueXMLList', values.join(' ')),
        element('si:unitXMLList', unit),
        uncertainty
          ? element(
              'si:measurementUncertaintyUnivariateXMLList',
              element(
                'si:expandedMUXMLList',
                element('si:valueExpandedMUXMLList', uncertainty.U.join(' ')),
                element('si:coverageFactorXMLList', uncertainty.k),
                element('si:coverageProbabilityXMLList', uncertainty.p),
                element('si:distributionXMLList', 'normal'),
              ),
            )
          : null,
      ),
      conformity
        ? element(
            'dcc:measurementMetaData',
            ofType('basic_conformity', element('dcc:metaData', element('dcc:conformity', conformity))),
          )
        : null,
    ),
  );
}

function text(name: string, content: string): XmlOutput {
  return element(name, element('dcc:content', content));
}

/** The schema has no empty lists. */
function listOf(name: string, entries: readonly XmlOutput[]): XmlOutput | null {
  return entries.length === 0 ? null : element(name, ...entries);
}

function optional(name: string, content: string | undefined): XmlOutput | null {
  return content === undefined ? null : element(name, content);
}

function ofType(refType: string | undefined, output: XmlOutput): XmlOutput {
  return refType === undefined ? output : withAttributes(output, { refType });
}
