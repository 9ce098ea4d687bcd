'use strict';

// Loaded by mocha before the tests: fabric-contract-api logs every annotation of a contract that is loaded.
process.env.CORE_CHAINCODE_LOGGING_LEVEL ??= 'error';
