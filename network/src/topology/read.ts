import { basename, dirname, resolve } from 'node:path';
import { checkChaincodes } from './checkChaincodes.js';
import { checkChannels } from './checkChannels.js';
import { checkShared } from './checkShared.js';
import { checkFirewall } from './checkFirewall.js';
import { checkOrganisations } from './checkOrganisations.js';
import { ConsortiumError } from './consortiumError.js';
import { descriptionIn } from './descriptionFile.js';
import { SourceDocument, type Finding } from './document.js';
import { findingsOf } from './findings.js';
import { consortiumSchema } from './schema.js';
import type { ChaincodeDeployment, Consortium } from './consortium.js';

const FILE_NAME = 'consortium.yaml';

/**
 * Reads a consortium description from a file.
 * @throws ConsortiumError `CONSORTIUM_MISSING`, or `CONSORTIUM_INVALID` with the line and reason of every error.
 */
export function readConsortium(file: string): Consortium {
  const text = descriptionIn(file, 'the consortium description to use');
  return inFolder(parseConsortium(text, basename(file)), dirname(resolve(file)));
}

/**
 * Parses a consortium description from YAML text; refuses unknown keys, fills in defaults, and checks references.
 * @param name - Name of the file in error messages.
 * @throws ConsortiumError `CONSORTIUM_INVALID`
 */
export function parseConsortium(text: string, name: string = FILE_NAME): Consortium {
  const source = new SourceDocument(text);
  if (source.problems.length > 0) throw new ConsortiumError('CONSORTIUM_INVALID', name, source.problems);
  const parsed = consortiumSchema.safeParse(source.value, { reportInput: true });
  if (!parsed.success) throw invalid(name, source, findingsOf(parsed.error));
  const findings = [checkOrganisations, checkShared, checkChannels, checkChaincodes, checkFirewall].flatMap((check) =>
    check(parsed.data),
  );
  if (findings.length > 0) throw invalid(name, source, findings);
  return parsed.data;
}

/** The consortium with every path of its description made absolute: they count from the description's folder. */
export function inFolder(consortium: Consortium, folder: string): Consortium {
  return { ...consortium, chaincodes: consortium.chaincodes.map((chaincode) => withPaths(chaincode, folder)) };
}

function withPaths(chaincode: ChaincodeDeployment, folder: string): ChaincodeDeployment {
  const { service } = chaincode;
  if ('package' in service) {
    if (!service.package.startsWith('.')) return chaincode;
    return { ...chaincode, service: { ...service, package: resolve(folder, service.package) } };
  }
  if (!service.tls) return chaincode;
  const { caFile, certFile, keyFile } = service.tls;
  const tls = {
    caFile: resolve(folder, caFile),
    ...(certFile !== undefined && { certFile: resolve(folder, certFile) }),
    ...(keyFile !== undefined && { keyFile: resolve(folder, keyFile) }),
  };
  return { ...chaincode, service: { ...service, tls } };
}

/** The consortium description that comes with the project. */
export function defaultConsortiumFile(): string {
  return require.resolve('@tracecal/test-network-config/consortium.yaml');
}

function invalid(name: string, source: SourceDocument, findings: readonly Finding[]): ConsortiumError {
  const problems = findings.map(({ path, reason }) => ({ line: source.lineOf(path), reason }));
  return new ConsortiumError('CONSORTIUM_INVALID', name, problems);
}
