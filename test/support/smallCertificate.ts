/** Parts of a certificate that a test wants to be different. Each is XML text. */
export interface CertificateParts {
  readonly head?: string;
  readonly rootAttributes?: string;
  readonly coreData?: string;
  readonly item?: string;
  readonly statements?: string;
  /** Content of the one measurementResult, before its results. */
  readonly circumstances?: string;
  /** Content of the `data` of the one result. */
  readonly data?: string;
  readonly tail?: string;
}

const CORE_DATA = `
  <dcc:countryCodeISO3166_1>DE</dcc:countryCodeISO3166_1>
  <dcc:usedLangCodeISO639_1>de</dcc:usedLangCodeISO639_1>
  <dcc:usedLangCodeISO639_1>en</dcc:usedLangCodeISO639_1>
  <dcc:mandatoryLangCodeISO639_1>en</dcc:mandatoryLangCodeISO639_1>
  <dcc:uniqueIdentifier>TEST-1</dcc:uniqueIdentifier>
  <dcc:beginPerformanceDate>2026-01-05</dcc:beginPerformanceDate>
  <dcc:endPerformanceDate>2026-01-06</dcc:endPerformanceDate>
  <dcc:performanceLocation>laboratory</dcc:performanceLocation>`;

const ITEM = `<dcc:item>${text('name', 'Probe')}
  <dcc:manufacturer>${text('name', 'Maker')}</dcc:manufacturer><dcc:model>M1</dcc:model>
  <dcc:identifications><dcc:identification><dcc:issuer>manufacturer</dcc:issuer><dcc:value>S1</dcc:value></dcc:identification>
  </dcc:identifications></dcc:item>`;

const VALUE = real('20.10', '\\degreecelsius');

/** A certificate that is small enough to see what a test is about. */
export function smallCertificate(parts: CertificateParts = {}): Buffer {
  const { head = '<?xml version="1.0" encoding="UTF-8"?>', coreData = CORE_DATA, item = ITEM, tail = '' } = parts;
  const { rootAttributes = 'schemaVersion="3.3.0"', statements = '', circumstances = '' } = parts;
  const { data = quantity('Temperature', VALUE) } = parts;
  return Buffer.from(`${head}
<dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc" xmlns:si="https://ptb.de/si"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${rootAttributes}>
  <dcc:administrativeData>
    <dcc:coreData>${coreData}</dcc:coreData>
    <dcc:items>${item}</dcc:items>
    <dcc:calibrationLaboratory><dcc:contact>${text('name', 'Laboratory')}</dcc:contact></dcc:calibrationLaboratory>
    ${statements}
  </dcc:administrativeData>
  <dcc:measurementResults><dcc:measurementResult>${text('name', 'Measurement')}${circumstances}
    <dcc:results><dcc:result>${text('name', 'Result')}<dcc:data>${data}</dcc:data></dcc:result></dcc:results>
  </dcc:measurementResult></dcc:measurementResults>${tail}
</dcc:digitalCalibrationCertificate>`);
}

/** One in canonical form, without declaration: as it is signed. */
export const CANONICAL_CERTIFICATE = smallCertificate({
  data: quantity('Temperature', real('20.10', '\\degreecelsius', expandedUnc('0.1'))),
})
  .toString('utf8')
  .replace(/^<\?xml.*\?>\n/, '')
  .replace('\n    xmlns:xsi', ' xmlns:xsi');

export function text(name: string, content: string): string {
  return `<dcc:${name}><dcc:content>${content}</dcc:content></dcc:${name}>`;
}

export function quantity(name: string, value: string, refType?: string): string {
  const attribute = refType === undefined ? '' : ` refType="${refType}"`;
  return `<dcc:quantity${attribute}>${text('name', name)}${value}</dcc:quantity>`;
}

export function real(value: string, unit: string, uncertainty = ''): string {
  return `<si:real><si:value>${value}</si:value><si:unit>${unit}</si:unit>${uncertainty}</si:real>`;
}

export function xmlList(values: string, unit: string, uncertainty = ''): string {
  return `<si:realListXMLList><si:valueXMLList>${values}</si:valueXMLList><si:unitXMLList>${unit}</si:unitXMLList>${uncertainty}</si:realListXMLList>`;
}

export function expandedUnc(U: string, k = '2', p = '0.95'): string {
  return `<si:expandedUnc><si:uncertainty>${U}</si:uncertainty><si:coverageFactor>${k}</si:coverageFactor><si:coverageProbability>${p}</si:coverageProbability></si:expandedUnc>`;
}
