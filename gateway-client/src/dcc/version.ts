import { DccError, quoted } from './errors.js';
import { DCC_NAMESPACE, XSI_NAMESPACE } from './namespaces.js';
import type { XmlElement } from './xml.js';

const SUPPORTED = /^(?:2\.[2-4]|3\.[0-3])\.\d+(?:-rc\.?\d+)?$/;
const IN_SCHEMA_LOCATION = /https:\/\/ptb\.de\/dcc\/v([\d.]+)\//;

/**
 * The schema version of a certificate, such as `3.2.1`. Schema 2.2 had no attribute for it; there, the schema's address
 * contains the version.
 *
 * @throws DccError `DCC_NOT_A_CERTIFICATE`, `DCC_MISSING`, `DCC_UNSUPPORTED_VERSION`
 */
export function schemaVersionOf(root: XmlElement): string {
  if (root.name !== 'digitalCalibrationCertificate' || root.namespace !== DCC_NAMESPACE) {
    throw new DccError(
      'DCC_NOT_A_CERTIFICATE',
      `It is ${quoted(root.name)} in the namespace ${quoted(root.namespace)}.`,
    );
  }
  const version = statedVersionOf(root);
  if (!SUPPORTED.test(version)) {
    throw new DccError('DCC_UNSUPPORTED_VERSION', `It says ${quoted(version)}.`);
  }
  return version;
}

/**
 * The schema version that a root element states, even if it is not supported.
 *
 * @throws DccError `DCC_MISSING`
 */
export function statedVersionOf(root: XmlElement): string {
  const location = root.attributes.get(`{${XSI_NAMESPACE}}schemaLocation`) ?? '';
  const version = root.attributes.get('schemaVersion')?.trim() ?? IN_SCHEMA_LOCATION.exec(location)?.[1];
  if (version === undefined) {
    throw new DccError('DCC_MISSING', 'The root element has no schemaVersion.');
  }
  return version;
}
