import { gateway } from '@hyperledger/fabric-protos';
import type { Log } from '../../../system/log.js';
import { CONCURRENCY } from '../limits.js';
import { parseRequest, type ServiceMethods } from '../rpc/index.js';
import { chaincodeEvents } from './chaincodeEvents.js';
import { commitStatus } from './commitStatus.js';
import type { GatewayContext } from './context.js';
import { endorse } from './endorse.js';
import { evaluate } from './evaluate.js';
import { sayRefusals } from './refusals.js';
import { submit } from './submit.js';

/** The `gateway.Gateway` service of one organisation's peer. */
export function gatewayService(context: GatewayContext, log: Log): ServiceMethods {
  return {
    service: 'gateway.Gateway',
    limit: CONCURRENCY.gatewayService,
    unary: {
      Evaluate: async (bytes, caller) => {
        const request = parseRequest(bytes, (raw) => gateway.EvaluateRequest.deserializeBinary(raw));
        const answer = await sayRefusals(log, 'Evaluate', request.getTransactionId(), () =>
          evaluate(context, request, caller),
        );
        return answer.serializeBinary();
      },
      Endorse: async (bytes, caller) => {
        const request = parseRequest(bytes, (raw) => gateway.EndorseRequest.deserializeBinary(raw));
        const answer = await sayRefusals(log, 'Endorse', request.getTransactionId(), () =>
          endorse(context, request, caller),
        );
        return answer.serializeBinary();
      },
      Submit: async (bytes, caller) => {
        const request = parseRequest(bytes, (raw) => gateway.SubmitRequest.deserializeBinary(raw));
        const answer = await sayRefusals(log, 'Submit', request.getTransactionId(), () =>
          submit(context, request, caller),
        );
        return answer.serializeBinary();
      },
      CommitStatus: async (bytes, caller) => {
        const request = parseRequest(bytes, (raw) => gateway.SignedCommitStatusRequest.deserializeBinary(raw));
        return (await commitStatus(context, request, caller)).serializeBinary();
      },
    },
    stream: {
      ChaincodeEvents: async (bytes, send, caller) => {
        const request = parseRequest(bytes, (raw) => gateway.SignedChaincodeEventsRequest.deserializeBinary(raw));
        await chaincodeEvents(context, request, send, caller);
      },
    },
  };
}
