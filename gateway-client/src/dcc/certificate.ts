import { readAdministrativeData, type AdministrativeData } from './administrative.js';
import { DccError } from './errors.js';
import { Node } from './node.js';
import { XMLDSIG_NAMESPACE } from './namespaces.js';
import { Reading } from './reading.js';
import { DataReader, type Circumstances, type Result } from './results.js';
import { readStatements, type Statement } from './statements.js';
import { TextReader } from './text.js';
import { unreadParts, type Unsupported } from './unsupported.js';
import { schemaVersionOf } from './version.js';
import { DEFAULT_XML_LIMITS, parseXml, type XmlElement, type XmlLimits } from './xml.js';

/** A digital calibration certificate (PTB DCC 2.2 to 3.3). What the versions name differently has one name here. */
export interface Certificate extends AdministrativeData, Circumstances {
  readonly schemaVersion: string;
  readonly statements: readonly Statement[];
  readonly results: readonly Result[];
  /** Metadata of whole measurements. */
  readonly metaData: readonly Statement[];
  /** How many XML signatures it carries. They are counted, not verified. */
  readonly signatures: number;
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
    schemaVersion,
    signatures: countSignatures(root, reading),
  };
  return { ...content, unsupported: unreadParts(root, reading.read) };
}

function readMeasurements(node: Node, texts: TextReader, data: DataReader): Pick<Certificate, 'results' | 'metaData'> {
  const measurements = node.children('measurementResult');
  data.readCircumstances(node);
  const metaData = [node, ...measurements].flatMap((measurement) =>
    readStatements(measurement, 'measurementMetaData', texts, data),
  );
  const results = measurements.flatMap((measurement) => readMeasurement(measurement, texts, data));
  if (results.length === 0) {
    throw new DccError('DCC_MISSING', `${node.path} holds no result.`);
  }
  return { results, metaData };
}

function readMeasurement(node: Node, texts: TextReader, data: DataReader): Result[] {
  data.readCircumstances(node);
  const measurement = { name: texts.child(node, 'name'), description: texts.children(node, 'description') };
  return node
    .required('results')
    .children('result')
    .map((result) => ({
      name: texts.child(result, 'name'),
      measurement,
      id: result.attribute('id'),
      refType: result.attribute('refType'),
      description: texts.children(result, 'description'),
      ...data.read(result.required('data')),
    }));
}

function countSignatures(root: XmlElement, reading: Reading): number {
  const signatures = root.children.filter(
    ({ name, namespace }) => name === 'Signature' && namespace === XMLDSIG_NAMESPACE,
  );
  signatures.forEach((signature) => reading.read.add(signature));
  return signatures.length;
}
