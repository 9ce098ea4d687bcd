import { readAdministrativeData, type AdministrativeData } from './administrative.js';
import type { Circumstances } from './data.js';
import { DccError } from './errors.js';
import { Node } from './node.js';
import { XMLDSIG_NAMESPACE } from './namespaces.js';
import { Reading } from './reading.js';
import { DataReader, type Measurement, type Result } from './results.js';
import { readStatements } from './statements.js';
import type { Statement } from './data.js';
import { TextReader, type Formula } from './text.js';
import { unreadParts, type Unsupported } from './unsupported.js';
import { schemaVersionOf } from './version.js';
import { DEFAULT_XML_LIMITS, parseXml, type XmlElement, type XmlLimits } from './xml.js';

/**
 * A digital calibration certificate (PTB DCC 2.2 to 3.3). Parts with different names in different versions have one name
 * here.
 */
export interface Certificate extends AdministrativeData, Circumstances {
  readonly schemaVersion: string;
  readonly statements: readonly Statement[];
  readonly results: readonly Result[];
  /** Metadata of whole measurements. */
  readonly metaData: readonly Statement[];
  /** Number of its XML signatures. They are counted, not verified. */
  readonly signatures: number;
  readonly formulas: readonly Formula[];
  /** Circumstances stated once for all measurements. */
  readonly common: Circumstances;
  readonly unsupported: readonly Unsupported[];
}

/**
 * Reads a certificate file.
 *
 * @throws DccError `XML_*` if it is not acceptable XML, `DCC_*` if it is not a certificate that can be understood
 */
export function readCertificate(bytes: Uint8Array, limits: XmlLimits = DEFAULT_XML_LIMITS): Certificate {
  const root = parseXml(bytes, limits);
  const schemaVersion = schemaVersionOf(root);
  const reading = new Reading(limits);
  const node = new Node(root, reading);
  const administrative = node.required('administrativeData');
  const texts = new TextReader(administrative.required('coreData').strings('mandatoryLangCodeISO639_1'));
  const data = new DataReader(texts);
  const content = {
    ...readAdministrativeData(administrative, texts),
    statements: readStatements(administrative, 'statements', texts, data),
    ...readMeasurements(node.required('measurementResults'), texts, data),
    ...data.circumstances,
    formulas: texts.formulas,
    schemaVersion,
    signatures: countSignatures(root, reading),
  };
  return { ...content, unsupported: unreadParts(root, reading.read) };
}

function readMeasurements(
  node: Node,
  texts: TextReader,
  data: DataReader,
): Pick<Certificate, 'results' | 'metaData' | 'common'> {
  const common = data.readCircumstances(node);
  const ofAll = readStatements(node, 'measurementMetaData', texts, data);
  const read = node.children('measurementResult').map((measurement) => readMeasurement(measurement, texts, data));
  const results = read.flatMap((each) => each.results);
  const metaData = [...ofAll, ...read.flatMap((each) => each.measurement.metaData)];
  if (results.length === 0) {
    throw new DccError('DCC_MISSING', `${node.path} holds no result.`);
  }
  return { results, metaData, common };
}

function readMeasurement(
  node: Node,
  texts: TextReader,
  data: DataReader,
): { readonly measurement: Measurement; readonly results: readonly Result[] } {
  const measurement: Measurement = {
    name: texts.child(node, 'name'),
    description: texts.children(node, 'description'),
    refIds: node.attributeWords('refId'),
    circumstances: data.readCircumstances(node),
    metaData: readStatements(node, 'measurementMetaData', texts, data),
  };
  const results = node
    .required('results')
    .children('result')
    .map((result) => ({
      name: texts.child(result, 'name'),
      measurement,
      id: result.attribute('id'),
      refIds: [...result.attributeWords('refId'), ...result.required('data').attributeWords('refId')],
      refType: result.attribute('refType'),
      description: texts.children(result, 'description'),
      ...data.read(result.required('data')),
    }));
  return { measurement, results };
}

function countSignatures(root: XmlElement, reading: Reading): number {
  const signatures = root.children.filter(
    ({ name, namespace }) => name === 'Signature' && namespace === XMLDSIG_NAMESPACE,
  );
  signatures.forEach((signature) => reading.read.add(signature));
  return signatures.length;
}
