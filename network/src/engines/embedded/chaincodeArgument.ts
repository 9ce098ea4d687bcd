import type { ChaincodeEnvironment } from '../../chaincode/index.js';
import { chaincodeSchema, type ChaincodeDeployment } from '../../topology/index.js';

/** An invalid command line; the message says what is expected. */
export class UsageError extends Error {
  readonly code = 'USAGE';
}

const SHAPE =
  /^(?<name>[A-Za-z0-9][A-Za-z0-9_-]*)@(?<channel>[a-z][a-z0-9.-]*)=(?<address>[^,]+:\d{1,5})(?:,policy=(?<policy>.+))?$/;

/** Fabric's own default for a chaincode that names no policy: a majority of the channel's writing members. */
const DEFAULT_POLICY = '/Channel/Application/Endorsement';

/**
 * Parses `NAME@CHANNEL=HOST:PORT[,policy=POLICY]`: a chaincode service that somebody else runs. The policy is in Fabric's signature policy
 * language, or the path of a channel policy.
 * @throws UsageError
 */
export function parseChaincodeArgument(text: string): ChaincodeDeployment {
  const groups = SHAPE.exec(text)?.groups;
  if (!groups) {
    throw new UsageError(
      `--chaincode ${text} is not valid: write NAME@CHANNEL=HOST:PORT, with ,policy=POLICY after it if you do not want the channel's default.`,
    );
  }
  const { name = '', channel = '', address = '', policy = DEFAULT_POLICY } = groups;
  const described = {
    name,
    channels: [channel],
    version: '1.0',
    sequence: 1,
    endorsement: policy,
    service: { address },
  };
  const deployment = chaincodeSchema.safeParse(described);
  if (deployment.success) return deployment.data;
  const [issue] = deployment.error.issues;
  throw new UsageError(`--chaincode ${text} is not valid: its ${issue?.path.join('.')} ${issue?.message}.`);
}

const VARIABLE = /^(?<chaincode>[A-Za-z0-9][A-Za-z0-9_-]*):(?<name>[A-Z][A-Z0-9_]*)=(?<value>.*)$/s;

/**
 * Parses any number of `NAME:VARIABLE=VALUE`: environment variables for the processes of a chaincode.
 * @throws UsageError
 */
export function parseEnvironmentArguments(texts: readonly string[]): ChaincodeEnvironment {
  const environment: Record<string, Record<string, string>> = {};
  for (const text of texts) {
    const groups = VARIABLE.exec(text)?.groups;
    if (!groups) {
      throw new UsageError(
        `--chaincode-environment ${text} is not valid: write NAME:VARIABLE=VALUE, the variable in capitals.`,
      );
    }
    const { chaincode = '', name = '', value = '' } = groups;
    environment[chaincode] = { ...environment[chaincode], [name]: value };
  }
  return environment;
}
