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
      Evaluate: async (bytes) => {
        const request = parseRequest(bytes, (raw) => gateway.EvaluateRequest.deserializeBinary(raw));
        return (await evaluate(context, request)).serializeBinary();
      },
      Endorse: async (bytes) => {
        const request = parseRequest(bytes, (raw) => gateway.EndorseRequest.deserializeBinary(raw));
        return (await endorse(context, request)).serializeBinary();
      },
      Submit: async (bytes) => {
        const request = parseRequest(bytes, (raw) => gateway.SubmitRequest.deserializeBinary(raw));
        return (await submit(context, request)).serializeBinary();
      },
      CommitStatus: async (bytes, cancelled) => {
        const request = parseRequest(bytes, (raw) => gateway.SignedCommitStatusRequest.deserializeBinary(raw));
        return (await commitStatus(context, request, cancelled)).serializeBinary();
      },
    },
    stream: {
      ChaincodeEvents: async (bytes, send, signal) => {
        const request = parseRequest(bytes, (raw) => gateway.SignedChaincodeEventsRequest.deserializeBinary(raw));
        await chaincodeEvents(context, request, send, signal);
      },
    },
  };
}
