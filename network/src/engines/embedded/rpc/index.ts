export { RpcError, type ErrorDetail } from './rpcError.js';
export { BUDGET, MessageBudget, type BudgetLimits, type Claim, type Turned } from './messageBudget.js';
export {
  addService,
  parseRequest,
  serverWithin,
  type Caller,
  type DuplexMethod,
  type Send,
  type ServiceMethods,
  type StreamMethod,
  type UnaryMethod,
} from './service.js';
export { fromStranger } from '../../../system/protobufGuard.js';
