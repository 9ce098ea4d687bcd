import { gateway } from '@hyperledger/fabric-protos';
import { parseRequest, type ServiceMethods } from '../rpc/index.js';
import { chaincodeEvents } from './chaincodeEvents.js';
import { commitStatus } from './commitStatus.js';
import type { GatewayContext } from './context.js';
import { endorse } from './endorse.js';
import { evaluate } from './evaluate.js';
import { submit } from './submit.js';

/** The `gateway.Gateway` service of one organisation's peer. */
export function gatewayService(context: GatewayContext): ServiceMethods {
  return {
    service: 'gateway.Gateway',
    unary: {
      Evaluate: async (bytes, caller) => {
        const request = parseRequest(bytes, (raw) => gateway.EvaluateRequest.deserializeBinary(raw));
        return (await evaluate(context, request, caller)).serializeBinary();
      },
      Endorse: async (bytes, caller) => {
        const request = parseRequest(bytes, (raw) => gateway.EndorseRequest.deserializeBinary(raw));
        return (await endorse(context, request, caller)).serializeBinary();
      },
      Submit: async (bytes, caller) => {
        const request = parseRequest(bytes, (raw) => gateway.SubmitRequest.deserializeBinary(raw));
        return (await submit(context, request, caller)).serializeBinary();
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
