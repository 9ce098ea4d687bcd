export { BlockFeed, type TransactionStatus } from './blockFeed.js';
export { blockTransactions, chaincodeEvents, type BlockTransaction } from './blockTransactions.js';
export { deliverService, type DeliverContext } from './service.js';
