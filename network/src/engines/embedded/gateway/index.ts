export { type GatewayContext, type OrdererNodeAddress } from './context.js';
export { gatewayService } from './service.js';
