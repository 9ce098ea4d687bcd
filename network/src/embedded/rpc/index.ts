export { RpcError, type ErrorDetail } from './rpcError.js';
export {
  addService,
  MAX_RECEIVE_BYTES,
  parseRequest,
  type DuplexMethod,
  type Send,
  type ServiceMethods,
  type StreamMethod,
  type UnaryMethod,
} from './service.js';
