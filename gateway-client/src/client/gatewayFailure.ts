import { status as Grpc } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { TraceCalError, clientError } from './errors.js';
import type { ClientErrorCode } from './errors.js';
import { registryRefusal } from './registryRefusal.js';

/** Error texts of peers, and their meaning. The texts are more precise than the status codes, which differ between calls. */
const MEANINGS: readonly (readonly [RegExp, ClientErrorCode])[] = [
  [/ProposalResponsePayloads do not match/, 'ENDORSEMENTS_DIFFER'],
  [/incorrect timestamp|time ?window/i, 'CLOCK_WRONG'],
  [/identity expired|creator org|certificate has expired|not yet valid|identity is not valid/i, 'IDENTITY_REFUSED'],
  [/status=FORBIDDEN|access denied|implicit policy evaluation failed|signature set did not satisfy/i, 'NOT_PERMITTED'],
  [/no combination of peers can be derived|no peers available|failed to find/i, 'NOT_READY'],
  [
    /chaincode .*(not found|not defined|isn't installed)|chaincode definition|channel .*(not found|does not exist)|failed to get config for channel/i,
    'CHAINCODE_UNAVAILABLE',
  ],
];

const BY_STATUS: Readonly<Partial<Record<number, ClientErrorCode>>> = {
  [Grpc.UNAVAILABLE]: 'UNAVAILABLE',
  [Grpc.DEADLINE_EXCEEDED]: 'TIMED_OUT',
  [Grpc.CANCELLED]: 'CANCELLED',
  [Grpc.PERMISSION_DENIED]: 'NOT_PERMITTED',
  [Grpc.UNAUTHENTICATED]: 'IDENTITY_REFUSED',
  [Grpc.RESOURCE_EXHAUSTED]: 'NOT_READY',
};

/** The reasons of Node for ending a TLS handshake: nobody has talked to a gateway yet. */
const UNTRUSTED =
  /No connection established\. Last error:.*(?:certificate|altnames|self-signed|self signed|CERT_|ERR_TLS|SSL routines)/is;

/** A stream of blocks is refused by a status alone, as `common.Status` has it. */
const STREAM_REFUSED = /^Unexpected status response: (\d+)$/;
const BY_STREAM_STATUS: Readonly<Partial<Record<string, ClientErrorCode>>> = {
  403: 'NOT_PERMITTED',
  404: 'CHAINCODE_UNAVAILABLE',
  503: 'NOT_READY',
};

/** The facts about a call that its error reports. */
export interface FailedCall {
  readonly txId?: string | undefined;
  /** `host:port` of the gateway. */
  readonly address?: string | undefined;
  /** The time that the call was allowed. */
  readonly timeoutMs?: number | undefined;
}

/** Turns the failure of a call that certainly wrote nothing (an evaluation, an endorsement) into a coded error. */
export function gatewayFailure(error: unknown, call: FailedCall = {}): TraceCalError {
  const { txId } = call;
  if (error instanceof TraceCalError) {
    return error;
  }
  const reports = reportsOf(error);
  for (const report of reports) {
    const refusal = registryRefusal(report, error, txId);
    if (refusal) {
      return refusal;
    }
  }
  const answered = error instanceof GatewayError && error.details.length > 0;
  const code = codeOf(error, reports);
  return (
    (answered ? undefined : withoutGateway(code, reports[0] ?? '', call, error)) ??
    clientError(code, reports[0], { cause: error, txId })
  );
}

/** A call that reached no gateway is told with its address; undefined for any other failure. */
function withoutGateway(
  code: ClientErrorCode,
  report: string,
  call: FailedCall,
  cause: unknown,
): TraceCalError | undefined {
  const { txId, address } = call;
  switch (code) {
    case 'TIMED_OUT':
      return noAnswer(call, { cause });
    case 'UNAVAILABLE':
      return clientError(code, placed('Nothing answers at', report, call), { cause, txId, address });
    case 'GATEWAY_UNTRUSTED':
      return clientError(code, placed('At', report, call), { cause, txId, address });
    default:
      return undefined;
  }
}

/** An answer that did not come in time. */
export function noAnswer({ txId, address, timeoutMs }: FailedCall, options: ErrorOptions): TraceCalError {
  const within = timeoutMs === undefined ? '' : ` within ${timeoutMs / 1000} s`;
  const told = address === undefined ? undefined : `${address} gave no answer${within}${written(txId)}.`;
  return clientError('TIMED_OUT', told, { ...options, txId, address });
}

/** A call with a transaction id is an endorsement here: what was sent to orderers without an answer is OUTCOME_UNKNOWN instead. */
function written(txId: string | undefined): string {
  return txId === undefined ? '' : '; nothing was written';
}

/** The system's reason, after the address of the gateway. */
function placed(where: string, report: string, { address, txId }: FailedCall): string {
  const said = `${withoutLibrary(report)}${written(txId)}`;
  return address === undefined ? said : `${where} ${address}: ${said}`;
}

/** The system's reason, without the gRPC library's own text. */
function withoutLibrary(report: string): string {
  return report
    .replace(/^14 UNAVAILABLE: /, '')
    .replace(/^No connection established\. Last error: (?:Error: )?/, '')
    .replace(/\.? ?(?:\(\d{4}-[^)]*\))?\.? Resolution note:.*$/s, '');
}

/** The error texts of a failed call, the most specific first. */
export function reportsOf(error: unknown): readonly string[] {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof GatewayError ? [...error.details.map(describe), message] : [message];
}

function describe({ mspId, address, message }: { mspId: string; address: string; message: string }): string {
  return `${mspId || address}: ${message}`;
}

function codeOf(error: unknown, reports: readonly string[]): ClientErrorCode {
  if (!(error instanceof GatewayError)) {
    return streamRefusal(reports[0] ?? '') ?? 'ANSWER_INVALID';
  }
  // Before the texts of peers: this one says that an expired certificate is the gateway's, not the caller's.
  if (error.details.length === 0 && reports.some((report) => UNTRUSTED.test(report))) {
    return 'GATEWAY_UNTRUSTED';
  }
  const known = MEANINGS.find(([pattern]) => reports.some((report) => pattern.test(report)));
  return known?.[1] ?? BY_STATUS[error.code] ?? 'NETWORK_FAILED';
}

function streamRefusal(report: string): ClientErrorCode | undefined {
  const [, status = ''] = STREAM_REFUSED.exec(report) ?? [];
  return BY_STREAM_STATUS[status];
}
