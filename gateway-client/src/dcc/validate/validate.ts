import { DccError } from '../errors.js';
import type { DccErrorCode } from '../errors.js';
import { readCertificateFile } from '../file.js';
import { inspectBytes } from '../inspect.js';
import type { Inspection } from '../inspect.js';
import { withDocument } from '../libxml/index.js';
import { DCC_NAMESPACE } from '../namespaces.js';
import { statedVersionOf } from '../version.js';
import type { XmlElement } from '../xml.js';
import type { Finding } from './finding.js';
import { BusinessRules } from './rules.js';
import { SchemaLibrary } from './schemas.js';

/** The result of validating one file. */
export interface Validation {
  readonly file: string;
  /** Whether none of the requested checks found an error. */
  readonly ok: boolean;
  /** `valid` needs a schema; `readable`: no schema was given, the certificate can be read here. */
  readonly state: 'valid' | 'readable' | 'invalid' | 'unreadable';
  readonly schemaVersion: string | null;
  readonly findings: readonly Finding[];
  readonly error: { readonly code: DccErrorCode; readonly message: string } | null;
}

/** What to validate certificates with. */
export interface ValidationOptions {
  /** A folder with the schemas of all versions in use, and the files that they import. */
  readonly schemas?: string;
  /** The bytes of a Schematron file. */
  readonly schematron?: Uint8Array;
}

/** Validates certificates with schemas and rules. Reads local files only; it never uses the network. */
export class Validator {
  readonly #schemas: SchemaLibrary | undefined;
  readonly #rules: BusinessRules | undefined;

  private constructor(schemas: SchemaLibrary | undefined, rules: BusinessRules | undefined) {
    this.#schemas = schemas;
    this.#rules = rules;
  }

  /** @throws DccError `SCHEMA_UNUSABLE` or `SCHEMATRON_UNUSABLE` */
  static async open({ schemas, schematron }: ValidationOptions): Promise<Validator> {
    const rules = schematron && (await BusinessRules.read(schematron));
    return new Validator(schemas === undefined ? undefined : await SchemaLibrary.open(schemas), rules);
  }

  /** An unreadable file is a result, not an exception. */
  async file(path: string): Promise<Validation> {
    try {
      return await this.bytes(await readCertificateFile(path), path);
    } catch (error) {
      return unreadable(path, null, error);
    }
  }

  async bytes(bytes: Uint8Array, file: string): Promise<Validation> {
    let schemaVersion: string | null = null;
    try {
      const bySchema = await withDocument(bytes, (document) => {
        schemaVersion = versionOf(document.tree);
        return this.#schemas?.findings(document, schemaVersion);
      });
      const findings = [...found(bySchema, inspectBytes(bytes, file)), ...((await this.#rules?.findings(bytes)) ?? [])];
      const ok = findings.every(({ level }) => level !== 'error');
      const good = this.#schemas ? 'valid' : 'readable';
      return { file, ok, state: ok ? good : 'invalid', schemaVersion, findings, error: null };
    } catch (error) {
      return unreadable(file, schemaVersion, error);
    }
  }

  /** Frees the memory of the schemas. */
  close(): void {
    this.#schemas?.close();
  }
}

function versionOf(root: XmlElement): string {
  if (root.namespace !== DCC_NAMESPACE || root.name !== 'digitalCalibrationCertificate') {
    throw new DccError('DCC_NOT_A_CERTIFICATE');
  }
  return statedVersionOf(root);
}

/**
 * The findings of the schema; without a schema, whether this program could read the file. A schema does not compare dates or
 * numbers: a fault that it accepts and an import refuses is a warning.
 */
function found(bySchema: readonly Finding[] | undefined, { error }: Inspection): readonly Finding[] {
  const at = { line: null, reason: error?.message ?? '' };
  if (!bySchema) {
    return error ? [{ level: 'error', ...at }] : [];
  }
  return bySchema.length === 0 && error?.code === 'DCC_VALUE' ? [{ level: 'warning', ...at }] : bySchema;
}

function unreadable(file: string, schemaVersion: string | null, error: unknown): Validation {
  if (!(error instanceof DccError)) {
    throw error;
  }
  const { code, message } = error;
  return { file, ok: false, state: 'unreadable', schemaVersion, findings: [], error: { code, message } };
}
