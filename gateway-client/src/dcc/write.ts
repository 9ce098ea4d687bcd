import { DCC_NAMESPACE, SI_NAMESPACE, XSI_NAMESPACE } from './namespaces.js';
import type { NewCertificate, NewCondition, NewContact, NewDevice, NewParent, NewStatement } from './newCertificate.js';
import { listOf, ofType, optional, text } from './write-parts.js';
import { asFoundTable, resultTable } from './write-results.js';
import { element, serialiseXml, withAttributes, type XmlOutput } from './write-xml.js';

/** The file of a certificate, valid for the schema of DCC 3.3.0 (D-SI 2.2.1). The same input gives the same bytes. */
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
    element(
      'dcc:calibrationLaboratory',
      optional('dcc:calibrationLaboratoryCode', certificate.accreditation),
      contact('dcc:contact', laboratory),
    ),
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

function coreData(certificate: NewCertificate): XmlOutput {
  const { country, language, uniqueIdentifier, performed, performedAt, issued, amends } = certificate;
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
    amends === undefined
      ? null
      : element(
          'dcc:reportAmendedSubstituted',
          element('dcc:typeOfChange', 'amended'),
          element('dcc:replacedUniqueIdentifier', amends),
        ),
  );
}

function identity({ manufacturer, model, serial }: Partial<NewDevice>): (XmlOutput | null)[] {
  return [
    manufacturer === undefined ? null : element('dcc:manufacturer', text('dcc:name', manufacturer)),
    optional('dcc:model', model),
    serial === undefined
      ? null
      : element(
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
    optional('dcc:eMail', eMail),
    element(
      'dcc:location',
      optional('dcc:street', street),
      optional('dcc:postCode', postCode),
      optional('dcc:city', city),
      element('dcc:countryCode', country),
    ),
  );
}

function statement({ refType, norm, reference, declaration, date, conformity }: NewStatement): XmlOutput {
  return ofType(
    refType,
    element(
      'dcc:statement',
      optional('dcc:norm', norm),
      optional('dcc:reference', reference),
      text('dcc:declaration', declaration),
      optional('dcc:date', date),
      optional('dcc:conformity', conformity),
    ),
  );
}

function measurementResult({ item, methods, parents, conditions, results, asFound = [] }: NewCertificate): XmlOutput {
  return element(
    'dcc:measurementResult',
    text('dcc:name', `Calibration of ${item.name}`),
    listOf(
      'dcc:usedMethods',
      methods.map(({ name, norm }) => element('dcc:usedMethod', text('dcc:name', name), optional('dcc:norm', norm))),
    ),
    listOf('dcc:measuringEquipments', parents.map(measuringEquipment)),
    listOf('dcc:influenceConditions', [...conditions.map(influenceCondition), ...asFound.map(asFoundTable)]),
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
