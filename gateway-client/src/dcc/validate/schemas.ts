import type * as Libxml2 from 'libxml2-wasm' with { 'resolution-mode': 'import' };
import { DccError } from '../errors.js';
import { loadLibxml } from '../libxml/index.js';
import type { OpenDocument } from '../libxml/index.js';
import type { Finding } from './finding.js';
import { certificateSchemas, readSchemaFiles, resolveImport } from './schemaFiles.js';
import type { SchemaFiles } from './schemaFiles.js';

type Libxml = typeof Libxml2;

/** Names outside the reach of any import: they represent the files of the folder. */
const BASE = 'schemas:/';

const MAX_FINDINGS = 200;

/** The schemas of a folder. Each is compiled when the first certificate of its version is checked. */
export class SchemaLibrary {
  readonly #libxml: Libxml;
  readonly #files: SchemaFiles;
  readonly #versions: ReadonlyMap<string, string>;
  readonly #compiled = new Map<string, Libxml2.XsdValidator>();

  private constructor(libxml: Libxml, files: SchemaFiles) {
    this.#libxml = libxml;
    this.#files = files;
    this.#versions = certificateSchemas(files);
    if (this.#versions.size === 0) {
      throw new DccError('SCHEMA_UNUSABLE', `${files.folder} holds no schema of digital calibration certificates.`);
    }
  }

  /** @throws DccError `SCHEMA_UNUSABLE` */
  static async open(folder: string): Promise<SchemaLibrary> {
    return new SchemaLibrary(await loadLibxml(), await readSchemaFiles(folder));
  }

  get versions(): readonly string[] {
    return [...this.#versions.keys()];
  }

  /**
   * The findings of this version's schema about a document; empty if it is valid.
   *
   * @throws DccError `SCHEMA_MISSING`, or `SCHEMA_UNUSABLE` if it does not compile
   */
  findings({ native }: OpenDocument, version: string): Finding[] {
    const validator = this.#validatorFor(version);
    try {
      validator.validate(native);
      return [];
    } catch (error) {
      return this.#details(error).map(({ line, message }) => ({
        level: 'error',
        line: line > 0 ? line : null,
        reason: readable(message),
      }));
    }
  }

  /** Frees the compiled schemas: they are outside JavaScript's memory. */
  close(): void {
    for (const validator of this.#compiled.values()) {
      validator.dispose();
    }
    this.#compiled.clear();
  }

  #validatorFor(version: string): Libxml2.XsdValidator {
    const path = this.#versions.get(version);
    if (path === undefined) {
      const known = this.versions.join(', ');
      throw new DccError('SCHEMA_MISSING', `The file says DCC ${version}; ${this.#files.folder} holds ${known}.`);
    }
    const validator = this.#compiled.get(version) ?? this.#compile(path);
    this.#compiled.set(version, validator);
    return validator;
  }

  /** One synchronous call: libxml2 has only one list of input providers, and no other code can run in between. */
  #compile(path: string): Libxml2.XsdValidator {
    const provider = new FolderProvider(this.#libxml, this.#files);
    this.#libxml.xmlRegisterInputProvider(provider);
    try {
      const bytes = this.#files.files.get(path) ?? Buffer.alloc(0);
      const schema = this.#libxml.XmlDocument.fromBuffer(bytes, { url: `${BASE}${path}` });
      try {
        return this.#libxml.XsdValidator.fromDoc(schema);
      } finally {
        schema.dispose();
      }
    } catch (cause) {
      const missing = [...provider.missing].map((name) => ` It needs ${name}, which is not there.`).join('');
      const [first] = cause instanceof this.#libxml.XmlLibError ? cause.details : [];
      throw new DccError('SCHEMA_UNUSABLE', `${path}: ${readable(first?.message ?? '')}${missing}`, { cause });
    } finally {
      this.#libxml.xmlCleanupInputProvider();
    }
  }

  #details(error: unknown): readonly Libxml2.ErrorDetail[] {
    if (error instanceof this.#libxml.XmlValidateError) {
      return error.details.slice(0, MAX_FINDINGS);
    }
    throw error;
  }
}

/** Gives libxml2 the files of the folder, and no others. */
class FolderProvider implements Libxml2.XmlInputProvider {
  readonly missing = new Set<string>();
  readonly #files: SchemaFiles['files'];
  readonly #buffers: Libxml2.XmlBufferInputProvider;

  constructor(libxml: Libxml, { files }: SchemaFiles) {
    this.#files = files;
    this.#buffers = new libxml.XmlBufferInputProvider(Object.fromEntries(files));
  }

  /** Answers every request, so that libxml2 never looks elsewhere. */
  match(): boolean {
    return true;
  }

  open(name: string): number | undefined {
    const location = name.startsWith(BASE) ? name.slice(BASE.length) : name;
    const path = resolveImport(location, this.#files);
    if (path === undefined) {
      this.missing.add(location);
      return undefined;
    }
    return this.#buffers.open(path);
  }

  read(file: number, buffer: Uint8Array): number {
    return this.#buffers.read(file, buffer);
  }

  close(file: number): boolean {
    return this.#buffers.close(file);
  }
}

/** libxml2 writes namespaces before every name; certificates use two, which people know by their prefixes. */
function readable(message: string): string {
  return message
    .replaceAll('{https://ptb.de/dcc}', 'dcc:')
    .replaceAll('{https://ptb.de/si}', 'si:')
    .replaceAll('{http://www.w3.org/2000/09/xmldsig#}', 'ds:')
    .trim();
}
