import type { NewColumn, NewNumbers, NewResult, NewWords } from './newCertificate.js';
import { ofType, text } from './write-parts.js';
import { element, type XmlContent, type XmlOutput } from './write-xml.js';

/** A result as one table. */
export function resultTable({ name, columns }: NewResult): XmlOutput {
  return element('dcc:result', text('dcc:name', name), tableOf(columns));
}

/** As-found results are written among the conditions. */
export function asFoundTable({ name, columns }: NewResult): XmlOutput {
  const status = element('dcc:status', 'beforeAdjustment');
  return element('dcc:influenceCondition', text('dcc:name', name), status, tableOf(columns));
}

function tableOf(columns: readonly NewColumn[]): XmlOutput {
  return element('dcc:data', element('dcc:list', ...columns.map(column)));
}

function column(given: NewColumn): XmlOutput {
  const content = 'words' in given ? words(given) : numbers(given);
  return ofType(given.refType, element('dcc:quantity', text('dcc:name', given.name), ...content));
}

function words({ words: all }: NewWords): readonly XmlContent[] {
  return [element('dcc:charsXMLList', all.join(' '))];
}

function numbers({ values, unit, uncertainty, conformity }: NewNumbers): readonly XmlContent[] {
  return [
    element(
      'si:realListXMLList',
      element('si:valueXMLList', values.join(' ')),
      element('si:unitXMLList', unit),
      uncertainty ? expanded(uncertainty) : null,
    ),
    conformity ? conformityOf(conformity) : null,
  ];
}

function expanded({ U, k, p, distribution = ['normal'] }: NonNullable<NewNumbers['uncertainty']>): XmlOutput {
  return element(
    'si:measurementUncertaintyUnivariateXMLList',
    element(
      'si:expandedMUXMLList',
      element('si:valueExpandedMUXMLList', U.join(' ')),
      element('si:coverageFactorXMLList', listText(k)),
      element('si:coverageProbabilityXMLList', listText(p)),
      element('si:distributionXMLList', listText(distribution)),
    ),
  );
}

function conformityOf(stated: NonNullable<NewNumbers['conformity']>): XmlOutput {
  const content =
    typeof stated === 'string' ? element('dcc:conformity', stated) : element('dcc:conformityXMLList', stated.join(' '));
  return element('dcc:measurementMetaData', ofType('basic_conformity', element('dcc:metaData', content)));
}

function listText(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(' ');
}
