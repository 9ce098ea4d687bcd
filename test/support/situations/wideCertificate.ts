import { quantity, smallCertificate, text, xmlList } from '../smallCertificate.js';

interface Wide {
  readonly results: number;
  readonly rows: number;
  /** What it is about; by default a temperature. */
  readonly of?: readonly [name: string, unit: string];
  readonly number?: string;
}

const U =
  '<si:expandedUncXMLList><si:uncertaintyXMLList>0.5</si:uncertaintyXMLList><si:coverageFactorXMLList>2</si:coverageFactorXMLList><si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList></si:expandedUncXMLList>';

/** A certificate of many values: so many results of so many rows. */
export function wideCertificate({
  results,
  rows,
  of: [name, unit] = ['Temperature', '\\degreecelsius'],
  number = 'TEST-1',
}: Wide): Buffer {
  const values = Array.from({ length: rows }, (_, row) => String((row + 1) / 10)).join(' ');
  const all = Array.from({ length: results }, (_, place) => {
    const list = quantity(name, xmlList(values, unit, U), 'basic_measuredValue');
    const data = `<dcc:data><dcc:list>${list}</dcc:list></dcc:data>`;
    return `<dcc:result>${text('name', `${name}, channel ${place + 1}`)}${data}</dcc:result>`;
  });
  const small = smallCertificate().toString('utf8').replaceAll('TEST-1', number);
  return Buffer.from(small.replace(/<dcc:result>[\s\S]*<\/dcc:result>/, all.join('')));
}
